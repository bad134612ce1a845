/** What a store and its archives consist of, in the file system. */
import { basename, dirname, join } from "node:path";
import { isSameStore, type StoreSpec } from "../stores/spec.js";
import type { Probes } from "./probes.js";
import { lstatOf } from "./stats.js";

export interface DoctorPlaces {
  readonly home: string;
  /** With absolute paths. */
  readonly store: StoreSpec;
  readonly sink: StoreSpec;
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
  const main = store.kind === "sqlite" ? [databaseAt(store.path)] : sessionsIn(store.path);
  return isSameStore(store, sink) && store.kind === "sqlite" ? main : [...main, sinkArea(store, sink)];
}

/** The folder, or database, that holds the archives. */
export function sinkArea(store: StoreSpec, sink: StoreSpec): Area {
  if (sink.kind === "sqlite") return databaseAt(sink.path);
  return { kind: "sink", folder: isSameStore(store, sink) ? join(sink.path, "archives") : sink.path };
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
