/**
 * A session's directory is there as long as there are blobs in it. Older builds kept the record in it as well, and a crash
 * may leave it empty, or with the size of a blob that is gone.
 */
import { renameSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { mapOrdered } from "@session-archiver/core/adapter";
import { lstatOf, namesIn, syncDirectory, syncIfPresent } from "./files.js";
import { blobFileParts, lockKeyAt, type Path, recordPath } from "./layout.js";
import { oldRecord } from "./meta-file.js";
import type { StoreDirectory } from "./store-directory.js";
import type { Tree } from "./tree.js";

/** Sessions tidied at the same time: they share the syncs of the directories that they lie in. */
const AT_ONCE = 64;

/** Moves a record that an older build wrote to where this one keeps it: one step, before and after it is whole. The lock must be held. */
export async function moveOldRecord(tree: Tree, path: Path): Promise<void> {
  const above = await tree.find(path.slice(0, -1));
  const old = above === undefined ? undefined : oldRecord(above, path);
  if (above === undefined || old === undefined || !lstatOf(old)) return;
  const record = join(above, recordPath(path).at(-1) ?? "");
  if (lstatOf(record)) return; // which of the two counts is for people to say
  renameSync(old, record);
  await tree.removeEmpty(path);
  await syncDirectory(above);
  await syncIfPresent(dirname(old));
}

/** Removes the sizes of blobs that are gone, of one name or of all. The lock must be held. */
export function removeLeftSizes(directory: string, name?: string): boolean {
  const files = namesIn(directory).map((file) => ({ file, ...blobFileParts(file) }));
  const blobs = new Set(files.flatMap((each) => (each.isRecord === false ? [`${each.name}@${each.generation}`] : [])));
  const left = files.filter(
    (each) =>
      each.isRecord && !blobs.has(`${each.name}@${each.generation}`) && (name === undefined || each.name === name),
  );
  for (const { file } of left) unlinkSync(join(directory, file));
  return left.length > 0;
}

/** Tidies the directories of these sessions, each under its lock. Nothing depends on it: at the first failure it stops. */
export async function tidySessions({ tree, lock }: StoreDirectory, paths: readonly Path[]): Promise<void> {
  const tidy = (path: Path): Promise<void> =>
    lock.run(lockKeyAt(path), async () => {
      await moveOldRecord(tree, path);
      const directory = await tree.find(path);
      if (directory === undefined) return;
      removeLeftSizes(directory);
      await tree.removeEmpty(path);
    });
  try {
    for await (const _ of mapOrdered(paths, tidy, AT_ONCE));
  } catch {
    // The next sweep tries again.
  }
}
