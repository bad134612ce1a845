/** Reads an archived session to its end, and restores it, beside unpacking the same archive with gzip. */
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFile } from "../data/data-set.js";
import { type Contender, runRounds } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import { sessionId } from "../ours/import-files.js";
import type { ReadParams } from "../ours/read.js";
import type { RestoreParams } from "../ours/restore.js";
import type { Where } from "../ours/stores.js";
import { toolOn } from "../peers/tools.js";
import { archive, importFiles, megabytes, type Seconds } from "./contenders.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const READ = "ours, read to the end";
const READ_INTO = "ours, read into a file";
const RESTORE = "ours, restore to SQLite";
const RESTORE_FS = "ours, restore to fs";
const GZIP = "gzip -dc into a file";

const read = task<ReadParams, Seconds>("ours/read.js");
const restore = task<RestoreParams, Seconds>("ours/restore.js");

export const readPart: Part = {
  name: "read",
  about: "read an archived session to its end, and restore it, against gzip -dc",
  async run({ data, rounds, scratch }) {
    const file = await data.large();
    const sqlite: Where = { folder: join(scratch, "sqlite"), live: "sqlite", sink: "fs", codec: "zlib" };
    const fs: Where = { folder: join(scratch, "fs"), live: "fs", sink: "fs", codec: "zlib" };
    for (const where of [sqlite, fs]) await archived(where, file);
    const folder = join(sqlite.folder, "archives");
    const stored = join(
      folder,
      (await readdir(folder, { recursive: true })).find((name) => name.endsWith(".gz")) ?? "",
    );
    const work = megabytes(file.bytes);
    const about = { id: sessionId(file.path), bytes: file.bytes };
    const output = join(scratch, "output.jsonl");
    const contenders: readonly Contender[] = [
      { name: READ, work, run: () => read({ ...about, where: sqlite }) },
      {
        name: READ_INTO,
        work,
        run: () => read({ ...about, where: sqlite, output }).finally(() => rm(output, { force: true })),
      },
      { ...toolOn("gzip -d", stored, { work, scratch }), name: GZIP },
      { ...toolOn("pigz -d", stored, { work, scratch }), name: "pigz -dc into a file" },
      { name: RESTORE, work, run: () => restoring(sqlite, about) },
      { name: RESTORE_FS, work, run: () => restoring(fs, about) },
    ];
    return {
      part: "read",
      title: "Reading one large archived session to its end, and restoring it durably; zlib codec",
      series: await runRounds(contenders, rounds, scratch),
      claims: [
        { kind: "speed", of: READ, than: GZIP, atLeast: 1 },
        { kind: "speed", of: READ_INTO, than: GZIP, atLeast: 1 },
        { kind: "speed", of: RESTORE, than: GZIP, atLeast: 0.7 },
        { kind: "speed", of: RESTORE_FS, than: GZIP, atLeast: 0.7 },
        ...littleMemory(READ, READ_INTO, RESTORE, RESTORE_FS),
      ],
    };
  },
};

async function archived(where: Where, file: DataFile): Promise<void> {
  await importFiles({ where, files: [file] });
  await archive({ where, id: sessionId(file.path), bytes: file.bytes });
}

/** Restores in a copy of the store, so that the session is still archived in the next turn. */
async function restoring(where: Where, about: Pick<RestoreParams, "id" | "bytes">): Promise<Seconds> {
  const folder = `${where.folder}-copy`;
  await cp(where.folder, folder, { recursive: true, verbatimSymlinks: true });
  try {
    return await restore({ ...about, where: { ...where, folder } });
  } finally {
    await rm(folder, { recursive: true });
  }
}
