/** A store in an SQLite database. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchiverError, type Ports } from "@session-archiver/core";
import type { Manner, Opened, StoreOpener } from "./opener.js";

export function databaseOpener(path: string): StoreOpener {
  const open = async (manner: Manner): Promise<(Opened & Ports) | undefined> =>
    manner.creates || existsSync(path) ? openDatabase(path, manner) : undefined;
  const isThere = async (): Promise<boolean> => existsSync(path);
  return {
    openStore: open,
    openArchives: open,
    hasStore: isThere,
    hasArchives: isThere,
    lacksArchives: () => !existsSync(path),
  };
}

async function openDatabase(path: string, { onSkipped, readOnly }: Manner): Promise<Opened & Ports> {
  const { openSqlite } = await import("@session-archiver/adapter-sqlite");
  if (!readOnly) await makeFolderOf(path);
  return openSqlite(path, { onSkipped, readOnly });
}

async function makeFolderOf(path: string): Promise<void> {
  try {
    // Other users of the machine must not read people's sessions.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArchiverError("UNAVAILABLE", `The folder of the database can't be made: ${reason}`, { cause });
  }
}
