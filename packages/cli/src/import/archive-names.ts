/** Tells archives of our own by their names: as a sink in the file system has written them, in whatever folder that lies now. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { type ArchiveName, archiveNamed } from "@session-archiver/core/format";

/** What all names of archives and records hold: a time, and 16 hex digits; or the hash that stands for a long one. */
const OURS = /\d{8}t\d{9}z[.-][0-9a-f]{16}\.|~[0-9a-f]{64}\./;
const SHORTENED = /~([0-9a-f]{64})\./;
const LONGEST_MANIFEST = 4 * 1024 * 1024;

/** What the file at this absolute path is, `root` being the folder that was named; `undefined` if it is none of ours. */
export async function archiveNameOf(location: string, root: string): Promise<ArchiveName | undefined> {
  if (!OURS.test(basename(location))) return undefined;
  return archiveNamed(await keysOf(location, root), () => readManifest(location.replace(/\.jsonl\.\w+$/, ".json")));
}

/** The keys that the file may have, the likeliest first: where the sink begins in its path, the path doesn't tell. */
async function keysOf(location: string, root: string): Promise<readonly string[]> {
  const [, hash] = SHORTENED.exec(basename(location)) ?? [];
  if (hash !== undefined) return longKey(location, hash);
  const { archiveKeyAt } = await import("@session-archiver/adapter-fs");
  const path = location.split(sep);
  const starts = path.map((_, n) => n).reverse();
  const keys = starts.map((start) => archiveKeyAt(path.slice(start))).filter((key) => key !== undefined);
  // Those that name a store are no keys but where they begin. Those of version 0.1 don't: an id may be all of the path.
  const archives = path.lastIndexOf("archives", path.length - 2);
  const rest = archives === -1 ? path.slice(root.split(sep).length) : path.slice(archives + 1);
  const likely = archiveKeyAt(rest.length > 0 ? rest : path.slice(-1));
  return [...(likely === undefined ? [] : [likely]), ...keys];
}

/** Long keys are kept in a file of their own, named by their hash. */
async function longKey(location: string, hash: string): Promise<readonly string[]> {
  const key = await readFile(join(dirname(location), ".names", hash), "utf8").catch(() => undefined);
  return key !== undefined && createHash("sha256").update(key).digest("hex") === hash ? [key] : [];
}

async function readManifest(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > LONGEST_MANIFEST) throw new ArchiverError("CORRUPT", `"${path}" is too long to be a manifest.`);
  return readFile(path);
}
