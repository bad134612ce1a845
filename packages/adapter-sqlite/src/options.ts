/** What a caller may choose, checked. */
import { ArchiverError, checkCount } from "@session-archiver/core/adapter";
import { SYNCHRONOUS, type Synchronous } from "./database.js";
import type { SqliteHandle } from "./driver.js";

export interface SqliteOptions {
  /** What the names of the tables begin with. Default `sa_`. A letter or `_`, then letters, digits and `_`; 64 at most. */
  readonly prefix?: string | undefined;
  /**
   * `full` (default): what has resolved survives a power cut. `normal`: it survives the crash of the process; a power
   * cut may undo the last calls, but damages nothing. Holds for this package's transactions, also on a host's handle.
   */
  readonly synchronous?: Synchronous | undefined;
  /** How long a call waits for other writers before it rejects with `UNAVAILABLE`, ms. Default 5,000. */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * Told of each object or archive that a listing leaves out because its row is `CORRUPT`; default: a process warning.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /**
   * Whether nothing is made or changed: no file, no table, no setting of the file; also of a host's handle. What would
   * change the store rejects with `INVALID_ARGUMENT`. Opens files on media that can't be written to, and databases of older
   * versions as they are. Default `false`.
   */
  readonly readOnly?: boolean | undefined;
}

/** Told of rows that listings leave out. */
export type OnSkipped = (error: Error) => void;

export interface Settings {
  readonly prefix: string;
  readonly synchronous: Synchronous;
  readonly busyTimeoutMs: number;
  readonly onSkipped: OnSkipped;
}

export function checkOptions(target: string | SqliteHandle, options: SqliteOptions): Settings {
  const { prefix = "sa_", synchronous = "full", busyTimeoutMs = 5000, onSkipped = warnOf } = options;
  if (typeof target === "string" ? target === "" : typeof target?.prepare !== "function") {
    refuse("The first argument must be a path or an open database of node:sqlite or better-sqlite3.");
  }
  if (typeof prefix !== "string" || !/^(?!sqlite_)[a-z_][a-z0-9_]{0,63}$/i.test(prefix)) {
    refuse(`The prefix must be a letter or _, then letters, digits or _, 64 at most, is "${prefix}".`);
  }
  if (!Object.hasOwn(SYNCHRONOUS, synchronous)) {
    refuse(`The option synchronous must be "full" or "normal", is "${synchronous}".`);
  }
  checkCount(busyTimeoutMs, "busy timeout");
  return { prefix, synchronous, busyTimeoutMs, onSkipped };
}

function warnOf(error: Error): void {
  process.emitWarning(error);
}

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
