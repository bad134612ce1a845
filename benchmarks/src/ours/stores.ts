/** Opens the stores to measure, as a host would. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openFs, openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite, type SqliteStore } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, type Codec, createArchiver, defaultCodec, type Ports } from "@session-archiver/core";
import { openBetterSqlite } from "./better-sqlite.js";

export interface Where {
  /** The folder of all stores. */
  readonly folder: string;
  readonly live: "sqlite" | "better-sqlite3" | "fs";
  /** `live`: the archives are in the same store as the sessions. */
  readonly sink: "live" | "fs";
  /** `fflate`: core's default codec. */
  readonly codec: "zlib" | "fflate";
  /** SQLite's `synchronous`; by default `full`, which is durable. */
  readonly synchronous?: "full" | "normal";
}

export interface Opened extends AsyncDisposable {
  readonly archiver: Archiver;
  readonly ports: Ports;
  readonly codec: Codec;
  /** Makes a database as small as it can be. */
  shrink(): Promise<void>;
}

export async function openStores(where: Where): Promise<Opened> {
  await mkdir(where.folder, { recursive: true });
  const live = await openLive(where);
  const sink = where.sink === "fs" ? openFsArchives(join(where.folder, "archives")) : undefined;
  const codec = where.codec === "zlib" ? zlibCodec() : defaultCodec();
  const ports = { objects: live.objects, blobs: live.blobs, archives: sink ?? live.archives };
  return {
    archiver: createArchiver({ ...ports, codec }),
    ports,
    codec,
    async shrink() {
      await ("reclaim" in live ? live.reclaim() : undefined);
    },
    async [Symbol.asyncDispose]() {
      await sink?.close();
      await live.close();
    },
  };
}

type Live = Ports & { close(): Promise<void> } & Partial<Pick<SqliteStore, "reclaim">>;

async function openLive({ folder, live, synchronous = "full" }: Where): Promise<Live> {
  const file = join(folder, "live.db");
  if (live === "fs") return openFs(join(folder, "live"));
  if (live === "sqlite") return openSqlite(file, { synchronous });
  return openBetterSqlite(file, synchronous);
}
