/** Contenders that several parts use. */
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFile } from "../data/data-set.js";
import type { Contender } from "../measure/rounds.js";
import { settleDisk } from "../measure/rounds.js";
import { type Task, task } from "../measure/task.js";
import type { ArchiveParams } from "../ours/archive.js";
import { type ImportParams, sessionId } from "../ours/import-files.js";
import type { Where } from "../ours/stores.js";
import type { CodecParams } from "../peers/codec-alone.js";
import type { GzipParams } from "../peers/gzip-in-memory.js";
import type { OriginalParams } from "../peers/original.js";
import type { Work } from "../report/series.js";
import { checkArchive } from "./check-archive.js";

export interface Seconds {
  readonly seconds: number;
}
export const importFiles: Task<ImportParams, object> = task("ours/import-files.js");
export const archive: Task<ArchiveParams, Seconds> = task("ours/archive.js");
const original = task<OriginalParams, Seconds>("peers/original.js");
const codecAlone = task<CodecParams, Seconds>("peers/codec-alone.js");
const gzipInMemory = task<GzipParams, Seconds>("peers/gzip-in-memory.js");

/** More bytes say nothing new about a codec and need too much memory. */
const MOST_IN_MEMORY = 256e6;

export function megabytes(bytes: number): Work {
  return { amount: bytes / 1e6, unit: "MB" };
}

/** Imports the file, archives it (only this is timed), and checks the first result. */
export function archiving(name: string, file: DataFile, where: Where): Contender {
  let checked = false;
  return {
    name,
    work: megabytes(file.bytes),
    run: async () => {
      try {
        await importFiles({ where, files: [file] });
        settleDisk(where.folder);
        const sample = await archive({ where, id: sessionId(file.path), bytes: file.bytes });
        if (!checked && where.sink === "fs") await checkArchive(join(where.folder, "archives"), file);
        checked = true;
        return sample;
      } finally {
        await rm(where.folder, { recursive: true, force: true });
      }
    },
  };
}

export function originalAlgorithm(name: string, file: DataFile, scratch: string): Contender {
  const session = join(scratch, "original.jsonl");
  const stored = `${session}.gz`;
  return {
    name,
    work: megabytes(file.bytes),
    run: async () => {
      await copyFile(file.path, session);
      settleDisk(scratch);
      try {
        return await original({ session, archive: stored });
      } finally {
        await rm(stored, { force: true });
      }
    },
  };
}

export function codecInMemory(name: string, file: DataFile, codec: CodecParams["codec"]): Contender {
  const bytes = Math.min(file.bytes, MOST_IN_MEMORY);
  return { name, work: megabytes(bytes), run: () => codecAlone({ file: file.path, bytes, codec }) };
}

export function oneStreamInMemory(name: string, file: DataFile, library: GzipParams["library"]): Contender {
  const bytes = Math.min(file.bytes, MOST_IN_MEMORY);
  return { name, work: megabytes(bytes), run: () => gzipInMemory({ file: file.path, bytes, library }) };
}
