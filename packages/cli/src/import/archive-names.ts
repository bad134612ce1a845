/**
 * Recognises this library's archives by their names, as a sink in the file system has written them, in whatever folder
 * that is now.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { type ArchiveName, archiveNamed } from "@session-archiver/core/format";
import { readInlineManifest } from "../inline-manifest.js";

/**
 * What all names of archives and records contain: a time and 16 hex digits, or the hash that stands for a long name.
 */
const OURS = /\d{8}t\d{9}z[.-][0-9a-f]{16}\.|~[0-9a-f]{64}\./;
const SHORTENED = /~([0-9a-f]{64})\./;
const LONGEST_MANIFEST = 4 * 1024 * 1024;

/**
 * What the file at this absolute path is, `root` being the folder that was named; `undefined` if it is not an archive
 * of this library.
 */
export async function archiveNameOf(location: string, root: string): Promise<ArchiveName | undefined> {
  if (!OURS.test(basename(location))) return undefined;
  return archiveNamed(await keysOf(location, root), () => readManifest(location));
}

/** The keys that the file may have, the likeliest first: the path does not show where in it the sink begins. */
async function keysOf(location: string, root: string): Promise<readonly string[]> {
  const [, hash] = SHORTENED.exec(basename(location)) ?? [];
  if (hash !== undefined) return longKey(location, hash);
  const { archiveKeyAt } = await import("@session-archiver/adapter-fs");
  const path = location.split(sep);
  const starts = path.map((_, n) => n).reverse();
  const keys = starts.map((start) => archiveKeyAt(path.slice(start))).filter((key) => key !== undefined);
  // Keys that name a store fit only where the sink begins. Keys of version 0.1 don't name one: their id may be the
  // whole path.
  const archives = path.lastIndexOf("archives", path.length - 2);
  const rest = archives === -1 ? path.slice(root.split(sep).length) : path.slice(archives + 1);
  const likely = archiveKeyAt(rest.length > 0 ? rest : path.slice(-1));
  return [...(likely === undefined ? [] : [likely]), ...keys];
}

/** Long keys are kept in files of their own, named by their hash. */
async function longKey(location: string, hash: string): Promise<readonly string[]> {
  const key = await readFile(join(dirname(location), ".names", hash), "utf8").catch(() => undefined);
  return key !== undefined && createHash("sha256").update(key).digest("hex") === hash ? [key] : [];
}

/** Of an archive file: the manifest in it, or the one beside it. */
async function readManifest(location: string): Promise<Uint8Array> {
  const inline = await readInlineManifest(location);
  if (inline) return inline;
  const path = location.replace(/\.jsonl\.\w+$/, ".json");
  const { size } = await stat(path);
  if (size > LONGEST_MANIFEST) throw new ArchiverError("CORRUPT", `"${path}" is too long to be a manifest.`);
  return readFile(path);
}
