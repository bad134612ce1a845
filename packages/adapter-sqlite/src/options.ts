/** A caller's options, checked. */
import { ArchiverError, checkCount } from "@session-archiver/core/adapter";
import { SYNCHRONOUS, type Synchronous } from "./connection.js";
import type { SqliteHandle } from "./driver.js";

export interface SqliteOptions {
  /** The prefix of the tables' names. Default `sa_`. A letter or `_`, then letters, digits and `_`; 64 at most. */
  readonly prefix?: string | undefined;
  /**
   * `full` (default): calls that resolved survive a power cut. `normal`: they survive a crash of the process; a power
   * cut may undo the last ones, but damages nothing. Holds for this package's transactions, also on a host's handle.
   */
  readonly synchronous?: Synchronous | undefined;
  /** How long a call waits for other writers before it rejects with `UNAVAILABLE`, ms. Default 5,000. */
  readonly busyTimeoutMs?: number | undefined;
  /**
   * Called with each object or archive that a listing leaves out because its row is `CORRUPT`. Default: a process warning.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /**
   * Whether the store is opened without any change: no file, table or setting is made or changed, not even on a host's
   * handle. Calls that would change the store reject with `INVALID_ARGUMENT`. Opens files on media that can't be written
   * to, and databases of older versions as they are. Default `false`.
   */
  readonly readOnly?: boolean | undefined;
}

/** The options with their defaults. */
export type Settings = {
  readonly [Name in "prefix" | "synchronous" | "busyTimeoutMs" | "onSkipped"]: NonNullable<SqliteOptions[Name]>;
};

export type OnSkipped = Settings["onSkipped"];

export function checkOptions(target: string | SqliteHandle, options: SqliteOptions): Settings {
  const {
    prefix = "sa_",
    synchronous = "full",
    busyTimeoutMs = 5000,
    onSkipped = (error) => process.emitWarning(error),
  } = options;
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

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
