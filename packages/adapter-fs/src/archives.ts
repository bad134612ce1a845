/**
 * Archives: one plain file each, which keeps the ending of its key. A file never changes. It gets its name by a hard link,
 * which fails if the name is taken: so any number of processes can share a directory of archives without a lock.
 */
import type { Stats } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  type ArchiveBackend,
  archiveExists,
  requireArchive,
  requireUnused,
  resolveRange,
} from "@session-archiver/core/adapter";
import { mapCommitErrors } from "./errors.js";
import { absentAs, allocated, lstatOf, requireFile } from "./files.js";
import { archivePath, deepArchivePath, type Path } from "./layout.js";
import { archiveHead, listArchives } from "./list-archives.js";
import { openToRead } from "./open-to-read.js";
import { publishOnce } from "./publish-once.js";
import type { StoreDirectory } from "./store-directory.js";

interface ArchivePlace {
  readonly file: string;
  readonly path: Path;
  readonly stats: Stats;
}

export function openArchives(store: StoreDirectory): ArchiveBackend {
  const { tree, staging, names } = store;

  /** Where the archive is, or whatever is in its place. */
  async function placeOf(key: string): Promise<ArchivePlace | undefined> {
    const path = archivePath(key);
    const deep = deepArchivePath(key);
    return (await placeAt(path)) ?? (deep.length === path.length ? undefined : placeAt(deep));
  }

  async function placeAt(path: Path): Promise<ArchivePlace | undefined> {
    const directory = await tree.find(path.slice(0, -1));
    if (directory === undefined) return undefined;
    const file = join(directory, path.at(-1) ?? "");
    const stats = lstatOf(file);
    return stats && { file, path, stats };
  }

  return {
    refusesEarly: true, // also because of a directory or link in the archive's place, which `stat` calls CORRUPT
    async put(key, body, call) {
      await store.migrate();
      const path = archivePath(key);
      requireUnused(await placeOf(key), key);
      await names.remember(path.at(-1) ?? "", key);
      return staging.write(body, async ({ path: file, size, writtenAt }) => {
        if (!(await publishOnce(store, file, path, call))) throw archiveExists(key);
        await mapCommitErrors(() => tree.sync(path.slice(0, -1)));
        return { size, createdAt: writtenAt };
      });
    },
    async stat(key) {
      const place = await placeOf(key);
      if (!place) return undefined;
      requireFile(place.stats, place.file);
      return archiveHead(place.stats);
    },
    async *read(key, range) {
      const place = await placeOf(key);
      const opened = requireArchive(place && openToRead(place.file), key);
      try {
        yield* opened.read(resolveRange(range, opened.size));
      } finally {
        opened.close();
      }
    },
    async delete(key) {
      await store.migrate();
      for (let place = await placeOf(key); place; place = await placeOf(key)) {
        if (!(await absentAs(unlink(place.file).then(() => true)))) return;
        const directory = place.path.slice(0, -1);
        await mapCommitErrors(async () => {
          await tree.syncNearest(directory);
          await tree.removeEmpty(directory);
        });
      }
    },
    list: (prefix) => listArchives(store, prefix),
    async diskBytes(key) {
      const place = await placeOf(key);
      return place ? allocated(place.stats) : 0;
    },
  };
}
