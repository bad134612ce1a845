/** Moves a catalogue that can't be used out of the way, with everything beside it, so that another takes its place. */
import { existsSync, linkSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import type { FileSpec } from "../stores/spec.js";
import { databaseFiles } from "./areas.js";
import { keepOut } from "./keep-out.js";
import { needRoom } from "./need-room.js";
import { realPlace } from "./real-path.js";
import { lstatOf } from "./stats.js";
import { whyNoStore, whyUnusable } from "./why-unusable.js";

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
export async function setBrokenAside(store: FileSpec, now: number): Promise<SetAside | undefined> {
  if (store.kind !== "sqlite") {
    const reason = await whyNoStore(store.path);
    return reason === undefined ? undefined : setAside(store, reason, now);
  }
  const path = await realPlace(store.path);
  const looked = lstatOf(path)?.ino;
  const reason = await whyUnusable(path);
  return reason === undefined ? undefined : setAside(store, reason, now, looked);
}

/**
 * Sets the files of the catalogue aside. Blobs and objects of a plain-file store stay where they are. `looked`: the inode of
 * the database that is meant. `UNAVAILABLE` if a program has the database open, `CONFLICT` if another is there by now,
 * `QUOTA` if there is no room for the next one: nothing is changed then.
 */
export async function setAside(store: FileSpec, reason: string, now: number, looked?: number): Promise<SetAside> {
  const { folder, own } = await placeOf(store);
  const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, "").toLowerCase();
  const aside = join(folder, ASIDE, `${basename(own)}.${stamp}`);
  if (existsSync(aside)) {
    throw new ArchiverError("CONFLICT", `"${aside}" exists already: wait a moment, then run this again.`);
  }
  if (store.kind === "sqlite") await needRoom(own);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const letIn = store.kind === "sqlite" ? await keepOut(own, aside).catch(undo(aside)) : undefined;
  try {
    if (looked !== undefined && lstatOf(own)?.ino !== looked) {
      const message = `Another program has just put another database in place of "${own}": run this again.`;
      throw new ArchiverError("CONFLICT", message);
    }
    await moveFiles(store.kind === "sqlite" ? databaseFiles(own) : [own], aside, reason);
  } finally {
    letIn?.();
  }
  return at(aside, basename(own), reason);
}

/** Takes the empty folder away again. */
function undo(aside: string): (error: unknown) => never {
  return (error) => {
    rmdirSync(aside);
    throw error;
  };
}

/**
 * The database first. A program that finds it gone makes another and deletes the logs, as SQLite does; so those have a second
 * name by then. Where there are no second names they go first, for no other database may find them.
 */
async function moveFiles(files: readonly string[], aside: string, reason: string): Promise<void> {
  const [own = "", ...all] = files;
  const logs = all.filter((file) => lstatOf(file));
  const unlinked: string[] = [];
  for (const log of logs) {
    try {
      linkSync(log, join(aside, basename(log)));
    } catch {
      unlinked.push(log);
    }
  }
  await writeFile(join(aside, REASON), reason, { mode: 0o600 });
  for (const file of [...unlinked.toReversed(), own]) if (lstatOf(file)) renameSync(file, join(aside, basename(file)));
  for (const log of logs) rmSync(log, { force: true });
}

/** What was set aside and not taken over, because of an interruption; the newest first. */
export async function openAsides(store: FileSpec): Promise<readonly SetAside[]> {
  const name = basename((await placeOf(store)).own);
  const open = (await asideFolders(store)).filter((each) => existsSync(join(each, REASON)));
  return Promise.all(open.map(async (each) => at(each, name, await readFile(join(each, REASON), "utf8"))));
}

/** The folders of all that was set aside, taken over or not; the newest first. */
export async function asideFolders(store: FileSpec): Promise<readonly string[]> {
  const { folder, own } = await placeOf(store);
  const all = existsSync(join(folder, ASIDE)) ? readdirSync(join(folder, ASIDE)) : [];
  const ours = all.filter((each) => each.startsWith(`${basename(own)}.`));
  return ours
    .map((each) => join(folder, ASIDE, each))
    .toSorted()
    .toReversed();
}

/** The store's own file, and the folder in which it and its quarantine lie. SQLite keeps the log beside a link's target. */
async function placeOf({ kind, path }: FileSpec): Promise<{ readonly folder: string; readonly own: string }> {
  if (kind === "fs") return { folder: path, own: join(path, "store", "store.json") };
  const own = await realPlace(path);
  return { folder: dirname(own), own };
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
