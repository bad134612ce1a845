/**
 * Metadata in a JSON file: a session's in its directory, as `{"id", "version", "meta"}`, and the store's own at the top, as
 * `{"version", "meta"}`. A file is only ever replaced as a whole, by a rename under the store's lock. Reads need no lock.
 */
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  ArchiverError,
  bytesOf,
  type Call,
  checkName,
  decodeMeta,
  hasCode,
  type Meta,
  type MetaRecord,
  type Version,
} from "@session-archiver/core/adapter";
import { mapCommitErrors } from "./errors.js";
import { readText, syncIfPresent } from "./files.js";
import { lockKeyAt, OBJECT_FILE, OWN_FILE, type Path, sessionPath } from "./layout.js";
import type { StoreDirectory } from "./store-directory.js";
import type { Tree } from "./tree.js";

/** The path of the store's own metadata: the only one without components. */
export const OWN: Path = [];

function nameAt(path: Path): string {
  return path.length === 0 ? OWN_FILE : OBJECT_FILE;
}

function fileIn(directory: string, path: Path): string {
  return join(directory, nameAt(path));
}

/** The `id` is checked; of the store's own metadata there is none. */
export interface FoundMeta {
  readonly id: unknown;
  readonly version: Version;
  readonly meta: Meta;
}

/** The metadata in the directory at `path`. */
export async function readMeta(tree: Tree, path: Path): Promise<FoundMeta | undefined> {
  const directory = await tree.find(path);
  return directory === undefined ? undefined : readMetaIn(directory, path);
}

/** As {@link readMeta}, of a directory already found. `CORRUPT` for anything but metadata in the file's place. */
export function readMetaIn(directory: string, path: Path): FoundMeta | undefined {
  const file = fileIn(directory, path);
  const text = readText(file);
  if (text === undefined) return undefined;
  let cause: unknown;
  try {
    const { id, version, meta } = JSON.parse(text);
    if (path.length === 0 || belongsAt(path, id)) return { id, ...decodeMeta({ version, meta }, file, {}) };
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("CORRUPT", `${file} is damaged or not of this store: repair it or move it away.`, { cause });
}

/** An id that no put accepts may have the same path as a valid one. */
function belongsAt(path: Path, id: unknown): boolean {
  checkName(id, "session id");
  return sessionPath(id).join("/") === path.join("/");
}

/** Replaces the metadata; `undefined`, having changed nothing, if it is not at `expected`. */
export async function writeMeta(
  store: StoreDirectory,
  path: Path,
  id: string | undefined,
  { version, json }: MetaRecord,
  expected: Version | null,
  call: Call,
): Promise<Version | undefined> {
  await store.migrate();
  const text = `${JSON.stringify({ id, version, meta: JSON.parse(json) }, null, 1)}\n`;
  return store.staging.write(bytesOf(new TextEncoder().encode(text)), (file) =>
    store.change(async () => ((await publish(store, file.path, path, expected, call)) ? version : undefined)),
  );
}

/**
 * Gives a finished file its name. A new file's name is made durable together with the directories above before the lock is
 * released, since others may then rely on them. A later one needs a sync of its own directory only, which every other
 * change of the same metadata repeats: so nobody has to wait for it.
 */
async function publish(
  { tree, lock }: StoreDirectory,
  file: string,
  path: Path,
  expected: Version | null,
  call: Call,
): Promise<boolean> {
  const directory = await lock.run(
    lockKeyAt(path),
    async () => {
      if (!(await isAt(tree, path, expected))) return undefined;
      const found = await tree.moveTo(file, path, nameAt(path));
      if (expected === null) await mapCommitErrors(() => tree.sync(path));
      return found;
    },
    call,
  );
  if (directory === undefined) return false;
  if (expected !== null) await mapCommitErrors(() => syncIfPresent(directory));
  return true;
}

/** Deletes the metadata; `false`, having changed nothing, if it is not at `expected`. */
export async function deleteMeta(store: StoreDirectory, path: Path, expected: Version, call: Call): Promise<boolean> {
  const { tree, lock } = store;
  await store.migrate();
  return store.change(async () => {
    const directory = await lock.run(
      lockKeyAt(path),
      async () => {
        if (!(await isAt(tree, path, expected))) return undefined;
        const found = await tree.ensure(path);
        await unlink(fileIn(found, path));
        return found;
      },
      call,
    );
    if (directory === undefined) return false;
    await mapCommitErrors(async () => {
      await syncIfPresent(directory);
      await lock.run(lockKeyAt(path), () => tree.removeEmpty(path));
    });
    return true;
  });
}

/** Deletes metadata that is `CORRUPT`, once `keep` has them; `false`, having changed nothing, if it is not. */
export async function takeDamagedMeta(
  store: StoreDirectory,
  path: Path,
  keep: (stored: Uint8Array) => Promise<void>,
  call: Call,
): Promise<boolean> {
  const { tree, lock } = store;
  await store.migrate();
  const text = await damagedText(tree, path);
  if (text === undefined) return false;
  await keep(new TextEncoder().encode(text));
  return store.change(() =>
    lock.run(
      lockKeyAt(path),
      async () => {
        if ((await damagedText(tree, path)) !== text) return false;
        const found = await tree.ensure(path);
        await unlink(fileIn(found, path));
        await mapCommitErrors(() => syncIfPresent(found));
        return true;
      },
      call,
    ),
  );
}

/** What stands in a damaged file; `undefined` if there is none, or if it is not damaged. */
async function damagedText(tree: Tree, path: Path): Promise<string | undefined> {
  const directory = await tree.find(path);
  if (directory === undefined) return undefined;
  try {
    readMetaIn(directory, path);
    return undefined;
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return readText(fileIn(directory, path));
    throw error;
  }
}

async function isAt(tree: Tree, path: Path, expected: Version | null): Promise<boolean> {
  return ((await readMeta(tree, path))?.version ?? null) === expected;
}
