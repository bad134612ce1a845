/** The input of the checks: one session of a few MB, in memory and archived, and a folder for stores. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { type Archiver, bytesOf, type Codec, createArchiver, OUTPUT, type Ports } from "@session-archiver/core";
import { openDataSet } from "../data/data-set.js";

export interface Fixture extends AsyncDisposable {
  readonly session: Buffer;
  readonly folder: string;
  /** Sessions in SQLite, archives in files. */
  readonly ports: Ports;
  /** Creates a live session with these bytes and returns its id. */
  add(bytes: Uint8Array): Promise<string>;
  with(codec: Codec): Archiver;
}

export async function openFixture(folder: string, bytes: number): Promise<Fixture> {
  // Generated, not from the corpus, so that it is the same on every machine.
  const { path } = await openDataSet({ folder, size: bytes, source: "generator" }).large();
  const live = await openSqlite(join(folder, "live.db"));
  const archives = openFsArchives(join(folder, "archives"));
  const ports: Ports = { objects: live.objects, blobs: live.blobs, archives };
  let sessions = 0;
  return {
    session: await readFile(path),
    folder,
    ports,
    async add(output) {
      const id = `session-${sessions++}`;
      await ports.objects.put(id, { view: "agent" }, null);
      await ports.blobs.create({ id, name: OUTPUT }, "live-1", bytesOf(output));
      return id;
    },
    with: (codec) => createArchiver({ ...ports, codec }),
    async [Symbol.asyncDispose]() {
      await archives.close();
      await live.close();
    },
  };
}
