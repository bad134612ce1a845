/** Moves a catalogue that can't be used out of the way, with everything beside it, so that another takes its place. */
import { existsSync, readdirSync, renameSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import type { StoreSpec } from "../arguments.js";
import { systemCode } from "../fs-errors.js";
import { databaseFiles } from "./areas.js";
import { readHeader } from "./sqlite-header.js";
import { lstatOf } from "./stats.js";

/** The folder beside the store in which its unusable files are kept. */
export const ASIDE = "quarantine";

export interface SetAside {
  /** Why it could not be used. */
  readonly reason: string;
  /** Where the store's own file is now: the database, or the plain files' `store.json`. */
  readonly path: string;
  /** Notes that all was taken over that can be. Until then the next rebuild looks into it again. */
  done(): Promise<void>;
}

/** Lies beside what was set aside, and holds why; its name changes once all was taken over. */
const REASON = "reason.txt";
const DONE = "taken-over.txt";

/** Sets the catalogue's files aside if they can't be used. `undefined`: they can, or there are none. */
export async function setBrokenAside(store: StoreSpec, now: number): Promise<SetAside | undefined> {
  const reason = store.kind === "sqlite" ? await whyUnusable(store.path) : await whyNoStore(store.path);
  return reason === undefined ? undefined : setAside(store, reason, now);
}

/** Sets the files of the catalogue aside. Blobs and objects of a plain-file store stay where they are. */
export async function setAside(store: StoreSpec, reason: string, now: number): Promise<SetAside> {
  const own = store.kind === "sqlite" ? store.path : join(store.path, "store", "store.json");
  const files = store.kind === "sqlite" ? databaseFiles(own) : [own];
  const folder = store.kind === "sqlite" ? dirname(own) : store.path;
  const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, "").toLowerCase();
  const aside = join(folder, ASIDE, `${basename(own)}.${stamp}`);
  if (existsSync(aside)) {
    throw new ArchiverError("CONFLICT", `"${aside}" exists already: wait a moment, then run this again.`);
  }
  await mkdir(aside, { recursive: true, mode: 0o700 });
  // The log goes first: without its database it is nothing, but another database must not find it.
  await writeFile(join(aside, REASON), reason, { mode: 0o600 });
  for (const file of files.toReversed()) if (lstatOf(file)) renameSync(file, join(aside, basename(file)));
  return at(aside, basename(own), reason);
}

/** What was set aside last, if an interruption kept its sessions from being taken over. */
export async function lastSetAside(store: StoreSpec): Promise<SetAside | undefined> {
  const [folder, name] =
    store.kind === "sqlite" ? [dirname(store.path), basename(store.path)] : [store.path, "store.json"];
  const all = existsSync(join(folder, ASIDE)) ? readdirSync(join(folder, ASIDE)) : [];
  const open = all
    .filter((each) => each.startsWith(`${name}.`))
    .map((each) => join(folder, ASIDE, each))
    .filter((each) => existsSync(join(each, REASON)))
    .sort();
  const last = open.at(-1);
  return last === undefined ? undefined : at(last, name, await readFile(join(last, REASON), "utf8"));
}

function at(aside: string, name: string, reason: string): SetAside {
  return {
    reason,
    path: join(aside, name),
    async done() {
      if (existsSync(join(aside, REASON))) renameSync(join(aside, REASON), join(aside, DONE));
    },
  };
}

async function whyUnusable(path: string): Promise<string | undefined> {
  const stats = lstatOf(path);
  const log = lstatOf(`${path}-wal`)?.size ?? 0;
  if (!stats || (stats.isFile() && stats.size === 0)) {
    return log > 0 ? "the database is gone, but its log is still there" : undefined;
  }
  if (!stats.isFile() && !stats.isSymbolicLink()) return "there is no file in its place";
  const header = await readHeader(path);
  if (!header.isDatabase) return "it is no SQLite database";
  if (log === 0 && header.size < (header.pages ?? 0) * header.pageSize) return "it has been cut short";
  const { findDamage } = await import("@session-archiver/adapter-sqlite");
  return findDamage(path);
}

/** Only the store's own notes concern all sessions; damage to one session's object is that session's. */
async function whyNoStore(path: string): Promise<string | undefined> {
  try {
    const { version, meta } = JSON.parse(await readFile(join(path, "store", "store.json"), "utf8"));
    const isSound = typeof version === "string" && typeof meta === "object" && /^[0-9a-f]{12}$/.test(meta?.id);
    return isSound ? undefined : "the store's own notes can't be understood";
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return "the store's own notes are no JSON";
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
