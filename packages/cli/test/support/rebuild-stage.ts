/** A home with sessions that random things happen to, for the tests of `rebuild`. */
import { createHash } from "node:crypto";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { openFs, openFsArchives } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import {
  type Archiver,
  ArchiverError,
  createArchiver,
  type Ports,
  type SessionInfo,
  toBytes,
} from "@session-archiver/core";
import type { Random } from "@session-archiver/test-kit/faults";
import { type Cli, newCli, type Run } from "./cli.js";

export type Layout = "sqlite and files" | "files" | "one database";

/** What is known of a session: bytes as SHA-256. */
export interface Known {
  readonly info: SessionInfo;
  /** Its output, or the code of the error with which it can't be read. */
  readonly output: string;
  readonly versions: readonly string[];
}

export interface Stage {
  readonly cli: Cli;
  readonly layout: Layout;
  run(...words: string[]): Promise<Run>;
  /** `objects: true`: with a new, empty object store beside the blobs that are there. */
  use<T>(work: (archiver: Archiver, ports: Ports) => Promise<T>, options?: { objects?: boolean }): Promise<T>;
  backUp(): Promise<void>;
  putBack(): Promise<void>;
  /** The catalogue and its blobs are gone; the archives stay. */
  lose(): Promise<void>;
}

const FILES = { "sqlite and files": "home/sessions.db", files: "live", "one database": "one.db" } as const;

export async function newStage(layout: Layout): Promise<Stage> {
  const cli = await newCli();
  let sink = layout === "one database" ? "one.db" : layout === "files" ? "archives" : "home/archives";
  const path = join(cli.folder, FILES[layout]);
  const isSqlite = layout !== "files";
  const words = (): string[] => {
    if (layout === "files") return ["--store", "fs:live", "--archives", "fs:archives"];
    return layout === "one database" ? ["--store", "sqlite:one.db", "--archives", `sqlite:${sink}`] : [];
  };
  const open = async (file: string) => (isSqlite ? openSqlite(file) : openFs(file));
  const all = isSqlite ? ["", "-wal", "-shm"] : [""];
  const copy = async (from: string, to: string): Promise<void> => {
    for (const end of all) await rm(to + end, { recursive: true, force: true });
    for (const end of all) await cp(from + end, to + end, { recursive: true, verbatimSymlinks: true }).catch(() => {});
  };
  return {
    cli,
    layout,
    run: (...rest) => cli.run(...words(), ...rest),
    async use(work, { objects = false } = {}) {
      await mkdir(join(path, ".."), { recursive: true });
      const main = await open(path);
      const other = objects ? await openSqlite(join(cli.folder, "objects.db")) : undefined;
      const at = join(cli.folder, sink);
      const isOwn = sink === FILES[layout];
      const archives =
        isOwn && "objects" in main
          ? main
          : isSqlite && layout === "one database"
            ? await openSqlite(at)
            : openFsArchives(at);
      const ports = {
        objects: (other ?? main).objects,
        blobs: main.blobs,
        archives: "archives" in archives ? archives.archives : archives,
      };
      try {
        return await work(createArchiver({ ...ports, policy: { maxTotalBytes: Number.POSITIVE_INFINITY } }), ports);
      } finally {
        await main.close();
        await other?.close();
        if (!isOwn) await archives.close();
      }
    },
    backUp: () => copy(path, `${path}.backup`),
    async putBack() {
      if (sink !== FILES[layout]) return copy(`${path}.backup`, path);
      sink = "old.db";
      await copy(path, join(cli.folder, sink));
      await copy(`${path}.backup`, path);
    },
    async lose() {
      if (sink === FILES[layout]) {
        sink = "old.db";
        for (const end of all) await rename(path + end, join(cli.folder, sink) + end).catch(() => {});
      } else for (const end of all) await rm(path + end, { recursive: true, force: true });
    },
  };
}

const STEPS = {
  append: async (archiver: Archiver, id: string) => {
    const recorder = archiver.recorder(id);
    await recorder.append(`${JSON.stringify({ type: "user", at: id, more: "x".repeat(40) })}\n`);
    await recorder.close();
  },
  archive: (archiver: Archiver, id: string) => archiver.archive(id),
  "archive again": (archiver: Archiver, id: string) => archiver.archive(id),
  prune: (archiver: Archiver, id: string) => archiver.pruneSession(id, { reason: "at random" }),
  undo: (archiver: Archiver, id: string) => archiver.undoPrune(id),
  purge: (archiver: Archiver) => archiver.prune({ graceDays: 0 }),
  restore: (archiver: Archiver, id: string) => archiver.restore(id),
  "restore and keep": (archiver: Archiver, id: string) => archiver.restore(id, { keepArchive: true }),
  pin: (archiver: Archiver, id: string) => archiver.pin(id, true),
  unpin: (archiver: Archiver, id: string) => archiver.pin(id, false),
  gc: (archiver: Archiver) => archiver.gc({ graceDays: 0 }),
  remove: (archiver: Archiver, id: string) => archiver.remove(id),
} as const;
const NAMES = Object.keys(STEPS) as (keyof typeof STEPS)[];

/** Some steps, each on a session of its own choice. */
export async function happen(archiver: Archiver, random: Random, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const ids = (await Array.fromAsync(archiver.list())).map(({ id }) => id).sort();
    const id = ids.length > 0 ? random.pick(ids) : "none";
    try {
      await STEPS[random.pick(NAMES)](archiver, id);
    } catch (error) {
      // Not every step can be taken in every state.
      if (!(error instanceof ArchiverError) || error.code === "CORRUPT") throw error;
    }
  }
}

export async function knownOf(archiver: Archiver): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  for await (const info of archiver.list()) {
    const hash = async (version?: number): Promise<string> => {
      try {
        return createHash("sha256")
          .update(await toBytes(archiver.read(info.id, { version })))
          .digest("hex");
      } catch (error) {
        if (error instanceof ArchiverError) return error.code;
        throw error;
      }
    };
    const versions: string[] = [];
    for (const { version } of info.versions) versions.push(await hash(version));
    known.set(info.id, { info, output: await hash(), versions });
  }
  return known;
}
