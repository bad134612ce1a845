/** A store, or archives alone, in a folder. */
import { existsSync, readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { ArchiverError, type ArchiveSink } from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import { isRecordKey, sessionIdOf } from "@session-archiver/core/format";
import type { Manner, Opened, StoreOpener } from "./opener.js";

const adapter = () => import("@session-archiver/adapter-fs");

export function folderOpener(path: string): StoreOpener {
  return {
    async openStore({ onSkipped, readOnly, creates }) {
      if (!creates && !existsSync(path)) return undefined;
      return (await adapter()).openFs(path, { onSkipped, readOnly });
    },
    openArchives: (manner) => openFolder(path, manner),
    hasStore: async () => existsSync(path),
    hasArchives: async () => existsSync(path) && readdirSync(path).some((name) => !name.startsWith(".")),
    // The first archive makes the folder; until then it is missing, which is fine.
    lacksArchives: () => false,
  };
}

async function openFolder(path: string, { readOnly }: Manner): Promise<Opened> {
  // Nothing has been archived yet.
  if (readOnly && !existsSync(path)) return { archives: memoryArchives(), close: async () => {} };
  const archives = (await adapter()).openFsArchives(path, { readOnly });
  await refuseForeignFolder(path, archives);
  return { archives, erase: archives.erase, close: archives.close };
}

/** Names of folders that keys begin with. */
const OF_A_SINK = /^(?:[0-9a-f]{12}|none|quarantine)$/;

/** Archives lie directly in their folder, and must not be mixed with other files. */
async function refuseForeignFolder(path: string, archives: ArchiveSink): Promise<void> {
  const names = await readdir(path).catch(() => []);
  // A folder of a store may be empty: its only archive was lost, or deleted.
  if (names.every((name) => name.startsWith(".") || OF_A_SINK.test(name))) return;
  for await (const { key } of archives.list()) if (sessionIdOf(key) !== undefined || isRecordKey(key)) return;
  const message = `The folder "${path}" holds other files and no archives: name one that is empty or new.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
