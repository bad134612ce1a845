/**
 * Archives: one plain file each, which keeps the ending of its key. A file never changes. It gets its name by a hard link,
 * which fails if the name is taken: so any number of processes can share a directory of archives without a lock.
 */
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
import { absentAs, lstatOf, requireFile } from "./files.js";
import { archivePath } from "./layout.js";
import { archiveHead, listArchives } from "./list-archives.js";
import { openToRead } from "./open-to-read.js";
import { publishOnce } from "./publish-once.js";
import type { StoreDirectory } from "./store-directory.js";

export function openArchives(store: StoreDirectory): ArchiveBackend {
  const { tree, staging, names } = store;

  async function fileOf(key: string): Promise<string | undefined> {
    const path = archivePath(key);
    const directory = await tree.find(path.slice(0, -1));
    return directory === undefined ? undefined : join(directory, path.at(-1) ?? "");
  }

  return {
    refusesEarly: true, // also because of a directory or link in the archive's place, which `stat` calls CORRUPT
    async put(key, body, call) {
      await store.migrate();
      const path = archivePath(key);
      const taken = await fileOf(key);
      requireUnused(taken === undefined ? undefined : lstatOf(taken), key);
      await names.remember(path.at(-1) ?? "", key);
      return staging.write(body, async ({ path: file, size, writtenAt }) => {
        if (!(await publishOnce(store, file, path, call))) throw archiveExists(key);
        await mapCommitErrors(() => tree.sync(path.slice(0, -1)));
        return { size, createdAt: writtenAt };
      });
    },
    async stat(key) {
      const file = await fileOf(key);
      const stats = file === undefined ? undefined : lstatOf(file);
      if (file === undefined || !stats) return undefined;
      requireFile(stats, file);
      return archiveHead(stats);
    },
    async *read(key, range) {
      const file = await fileOf(key);
      const opened = requireArchive(file === undefined ? undefined : openToRead(file), key);
      try {
        yield* opened.read(resolveRange(range, opened.size));
      } finally {
        opened.close();
      }
    },
    async delete(key) {
      await store.migrate();
      const file = await fileOf(key);
      if (file === undefined || !(await absentAs(unlink(file).then(() => true)))) return;
      await mapCommitErrors(async () => {
        await tree.syncNearest(archivePath(key).slice(0, -1));
        await tree.removeEmpty(archivePath(key).slice(0, -1));
      });
    },
    list: (prefix) => listArchives(store, prefix),
  };
}
