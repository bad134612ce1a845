/** What a store and its archives consist of, in the file system. */
import { basename, dirname, join } from "node:path";
import { type FileSpec, isSameStore } from "../stores/spec.js";
import type { Probes } from "./probes.js";
import { lstatOf } from "./stats.js";

export interface DoctorPlaces {
  readonly home: string;
  /** With absolute paths. `undefined`: on no disk of this machine. */
  readonly store: FileSpec | undefined;
  readonly sink: FileSpec | undefined;
  /** Of archives on no disk of this machine: whether there are any. */
  readonly hasArchives?: () => Promise<boolean>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly probes: Probes;
}

/** A folder that doctor goes through. */
export interface Area {
  /** `database`: files beside each other, whose names begin alike; `sessions`: plain files; `sink`: archives. */
  readonly kind: "database" | "sessions" | "sink";
  readonly folder: string;
  /** The database's file. */
  readonly file?: string;
}

/** The areas, each once, whether they exist or not. */
export function areasOf({ store, sink }: Pick<DoctorPlaces, "store" | "sink">): readonly Area[] {
  const main = store === undefined ? [] : store.kind === "sqlite" ? [databaseAt(store.path)] : sessionsIn(store.path);
  return sink === undefined || isInStore(sink, store) ? main : [...main, sinkArea(store, sink)];
}

/** Whether the archives lie in the same database as all else. */
export function isInStore(sink: FileSpec, store: FileSpec | undefined): boolean {
  return store?.kind === "sqlite" && isSameStore(store, sink);
}

/** The folder, or database, that holds the archives. */
export function sinkArea(store: FileSpec | undefined, sink: FileSpec): Area {
  if (sink.kind === "sqlite") return databaseAt(sink.path);
  const isOne = store !== undefined && isSameStore(store, sink);
  return { kind: "sink", folder: isOne ? join(sink.path, "archives") : sink.path };
}

function databaseAt(path: string): Area {
  return { kind: "database", folder: dirname(path), file: basename(path) };
}

/** `sessions` is a folder only in a store of version 0.1; later it is a link. */
function sessionsIn(home: string): readonly Area[] {
  const folders = [join(home, "store")];
  const old = join(home, "sessions");
  if (lstatOf(old)?.isDirectory()) folders.push(old);
  return folders.map((folder) => ({ kind: "sessions", folder }));
}

/** The files that SQLite makes beside a database. */
export const DATABASE_ENDINGS: readonly string[] = ["-wal", "-shm", "-journal"];

export function databaseFiles(file: string): readonly string[] {
  return [file, ...DATABASE_ENDINGS.map((ending) => file + ending)];
}
