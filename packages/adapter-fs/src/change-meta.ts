/** How metadata is written and deleted: see `meta-file.ts`. Each change is durable before the next one of its session begins. */
import { unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { bytesOf, type Call, type MetaRecord, type Version } from "@session-archiver/core/adapter";
import { mapCommitErrors } from "./errors.js";
import { syncDirectory } from "./files.js";
import { lockKeyAt, OLD_RECORD, type Path, recordPath } from "./layout.js";
import { damagedMeta, readMeta } from "./meta-file.js";
import type { StoreDirectory } from "./store-directory.js";
import { moveOldRecord } from "./tidy.js";
import type { Tree } from "./tree.js";

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
    store.change(() =>
      store.lock.run(
        lockKeyAt(path),
        async () => ((await publish(store.tree, file.path, path, expected)) ? version : undefined),
        call,
      ),
    ),
  );
}

/** Gives a finished file its name. The lock must be held. */
async function publish(tree: Tree, file: string, path: Path, expected: Version | null): Promise<boolean> {
  if (!(await isAt(tree, path, expected))) return false;
  await moveOldRecord(tree, path);
  const above = path.slice(0, -1);
  const directory = await tree.moveTo(file, above, recordPath(path).at(-1) ?? "");
  // The directories above a later one have been made durable with the first.
  await mapCommitErrors(() => (expected === null ? tree.sync(above) : syncDirectory(directory)));
  return true;
}

/** Deletes the metadata; `false`, having changed nothing, if it is not at `expected`. */
export async function deleteMeta(store: StoreDirectory, path: Path, expected: Version, call: Call): Promise<boolean> {
  const { tree, lock } = store;
  await store.migrate();
  const remove = async (): Promise<boolean> => {
    if (!(await isAt(tree, path, expected))) return false;
    await moveOldRecord(tree, path);
    const above = path.slice(0, -1);
    await removeFile(tree, join(await tree.ensure(above), recordPath(path).at(-1) ?? ""), above);
    return true;
  };
  return store.change(() => lock.run(lockKeyAt(path), remove, call));
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
  const damaged = await damagedMeta(tree, path);
  if (damaged === undefined) return false;
  await keep(new TextEncoder().encode(damaged.text));
  const take = async (): Promise<boolean> => {
    const now = await damagedMeta(tree, path);
    if (now?.file !== damaged.file || now.text !== damaged.text) return false;
    await removeFile(tree, now.file, basename(now.file) === OLD_RECORD ? path : path.slice(0, -1));
    return true;
  };
  return store.change(() => lock.run(lockKeyAt(path), take, call));
}

/** `path`: of the file's directory. */
async function removeFile(tree: Tree, file: string, path: Path): Promise<void> {
  await unlink(file);
  await mapCommitErrors(async () => {
    await tree.syncNearest(path);
    await tree.removeEmpty(path);
  });
}

async function isAt(tree: Tree, path: Path, expected: Version | null): Promise<boolean> {
  return ((await readMeta(tree, path))?.version ?? null) === expected;
}
