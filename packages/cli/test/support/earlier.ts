/** Unpacks and opens the stores in `test/earlier`, which an earlier version made. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openFs, openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { type ArchiveSink, memoryPorts, type Ports } from "@session-archiver/core";
import { onTestFinished } from "vitest";
import { newFolder } from "./cli.js";

const EARLIER = new URL("../earlier/", import.meta.url);

export interface Expected {
  readonly state: string;
  readonly lineCount: number;
  readonly pinned: boolean;
  readonly pruneReason: string | null;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

type Closable = { close(): Promise<void> };

const OPENERS: Readonly<Record<string, (folder: string) => Promise<readonly [Ports, ...Closable[]]>>> = {
  "sqlite-and-fs": async (folder) => {
    const main = await openSqlite(join(folder, "sessions.db"));
    const archives = openFsArchives(join(folder, "archives"));
    return [{ objects: main.objects, blobs: main.blobs, archives }, main, archives];
  },
  sqlite: async (folder) => {
    const main = await openSqlite(join(folder, "sessions.db"));
    return [main, main];
  },
  fs: async (folder) => {
    const main = openFs(folder);
    return [main, main];
  },
};

export const EARLIER_STORES: readonly string[] = Object.keys(OPENERS);

export async function expectedSessions(): Promise<Readonly<Record<string, Expected>>> {
  return JSON.parse(await readFile(new URL("expected.json", EARLIER), "utf8"));
}

/** Unpacks the store into a folder. */
export async function unpackEarlier(name: string, folder: string): Promise<void> {
  const packed = await readFile(new URL(`${name}.json.gz`, EARLIER));
  const files = JSON.parse(gunzipSync(packed).toString()) as Record<string, string>;
  for (const [path, base64] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), Buffer.from(base64, "base64"));
  }
}

/** A copy of the store, open until the end of the test. */
export async function openEarlier(name: string): Promise<Ports> {
  const folder = await newFolder();
  await unpackEarlier(name, folder);
  const [ports, ...opened] = (await OPENERS[name]?.(folder)) ?? [memoryPorts()];
  onTestFinished(async () => {
    for (const each of opened) await each.close();
  });
  return ports;
}

/** The sink without its catalogue. */
export async function openEarlierSink(): Promise<ArchiveSink> {
  const folder = await newFolder();
  await unpackEarlier("sink", folder);
  const archives = openFsArchives(folder);
  onTestFinished(() => archives.close());
  return archives;
}
