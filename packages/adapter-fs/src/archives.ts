/**
 * The sink: one plain file per archive, under the ending of its key. What is there never changes, and a name is given by
 * making a hard link, which fails if it is taken: so any number of processes may share a sink without a lock.
 */
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  ArchiverError,
  type ArchiveSink,
  type ByteRange,
  type Bytes,
  checkName,
  type OpOptions,
  resolveRange,
} from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { committing, guarded, guardedStream } from "./errors.js";
import { absentAs, lstatOf, openFile, READ_ONLY, readRange, requireFile, syncDirectory } from "./files.js";
import { archivePath } from "./layout.js";
import { listArchives } from "./list-archives.js";
import { publishOnce } from "./publish-once.js";

export function openArchives(area: Area): ArchiveSink {
  const { tree, staging, names } = area;

  async function directoryOf(key: string): Promise<string | undefined> {
    return tree.find(archivePath(key).slice(0, -1));
  }

  async function fileOf(key: string): Promise<string | undefined> {
    const directory = await directoryOf(key);
    return directory === undefined ? undefined : join(directory, archivePath(key).at(-1) ?? "");
  }

  async function requireAbsent(key: string): Promise<void> {
    const file = await fileOf(key);
    if (file !== undefined && lstatOf(file)) throw taken(key);
  }

  async function publish(file: string, key: string, op: OpOptions | undefined): Promise<void> {
    const path = archivePath(key);
    if (!(await publishOnce(area, file, path, op))) throw taken(key);
    await committing(() => tree.sync(path.slice(0, -1)));
  }

  async function* read(key: string, range: ByteRange | undefined, op: OpOptions | undefined): Bytes {
    const file = await fileOf(key);
    const handle = file === undefined ? undefined : await openFile(file, READ_ONLY);
    if (!handle) throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
    try {
      yield* readRange(handle, resolveRange(range, (await handle.stat()).size), op);
    } finally {
      await handle.close();
    }
  }

  async function remove(key: string): Promise<void> {
    const file = await fileOf(key);
    const removed = file === undefined ? undefined : await absentAs(unlink(file).then(() => true));
    if (!removed) return;
    await committing(async () => {
      const directory = await directoryOf(key);
      // Another delete may have removed it as empty: then nothing in it will come back.
      if (directory !== undefined) await absentAs(syncDirectory(directory));
      await tree.removeEmpty(archivePath(key).slice(0, -1));
    });
  }

  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const doing = `write archive "${key}"`;
      await area.beginChange(doing, op, { key });
      await guarded(doing, { key }, async () => {
        await requireAbsent(key);
        await names.remember(archivePath(key).at(-1) ?? "", key, { key });
      });
      return staging.write(body, { doing, context: { key }, op }, async ({ path, size, writtenAt }) => {
        await guarded(doing, { key }, () => publish(path, key, op));
        return { key, size, createdAt: writtenAt };
      });
    },
    async stat(key, op) {
      checkName(key, "archive key");
      area.begin(op, { key });
      return guarded(`look at archive "${key}"`, { key }, async () => {
        const file = await fileOf(key);
        const stats = file === undefined ? undefined : lstatOf(file);
        if (file === undefined || !stats) return undefined;
        requireFile(stats, file);
        return { key, size: stats.size, createdAt: Math.round(stats.mtimeMs) };
      });
    },
    async *read(key, range, op) {
      checkName(key, "archive key");
      resolveRange(range, Number.MAX_SAFE_INTEGER);
      area.begin(op, { key });
      yield* guardedStream(`read archive "${key}"`, { key }, read(key, range, op));
    },
    async delete(key, op) {
      checkName(key, "archive key");
      const doing = `delete archive "${key}"`;
      await area.beginChange(doing, op, { key });
      await guarded(doing, { key }, () => remove(key));
    },
    async *list(prefix = "", op) {
      area.begin(op);
      for await (const info of guardedStream("list the archives", {}, listArchives(area, prefix))) {
        area.begin(op);
        yield info;
      }
    },
  };
}

function taken(key: string): ArchiverError {
  return new ArchiverError("CONFLICT", `Archive "${key}" exists already.`, { key });
}
