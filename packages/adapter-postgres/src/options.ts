/** A caller's options, checked. */
import { ArchiverError, checkCount } from "@session-archiver/core/adapter";
import type { Queryable } from "./queryable.js";

export interface PostgresOptions {
  /** The schema of the tables, made if it is missing. Default: the first that the role's `search_path` names. */
  readonly schema?: string | undefined;
  /** The prefix of the tables' names. Default `sa_`. A lower-case letter or `_`, then such, digits and `_`; 32 at most. */
  readonly prefix?: string | undefined;
  /**
   * `full` (default): calls that resolved survive a crash of the server; opening is refused where the server's
   * `synchronous_commit` or `fsync` is off. `normal`: as the server is set. A crash of it may then undo the last calls.
   */
  readonly synchronous?: "full" | "normal" | undefined;
  /** Of a connection string: how many connections are open at most. Default 10. */
  readonly maxConnections?: number | undefined;
  /** Of a connection string: after how many ms a server that does not answer is given up. Default 30,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Whether missing tables are made. If not, opening rejects with `NOT_FOUND` where there are none. Default `true`. */
  readonly create?: boolean | undefined;
  /**
   * Whether the store is opened without any change: no table is made or brought up to date, and no remains of crashes are deleted. Calls
   * that would change the store reject with `INVALID_ARGUMENT`. A role that may only read, and one whose transactions are read-only,
   * will do. Default `false`.
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Called with each object or archive that a listing leaves out because its row is `CORRUPT`. Default: a process warning.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
}

/** The options with their defaults. */
export interface Settings {
  readonly schema: string | undefined;
  readonly prefix: string;
  readonly synchronous: "full" | "normal";
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly create: boolean;
  readonly readOnly: boolean;
  readonly onSkipped: (error: Error) => void;
}

export type OnSkipped = Settings["onSkipped"];

export function checkOptions(target: string | Queryable, options: PostgresOptions): Settings {
  const {
    schema,
    prefix = "sa_",
    synchronous = "full",
    maxConnections = 10,
    connectTimeoutMs = 30_000,
    readOnly = false,
    create = !readOnly,
    onSkipped = (error) => process.emitWarning(error),
  } = options;
  if (typeof target === "string" ? target === "" : typeof target?.query !== "function") {
    refuse("The first argument must be a connection string, or a pool of pg or what has its query(text, values).");
  }
  if (schema !== undefined && !(typeof schema === "string" && /^[a-z_][a-z0-9_]{0,62}$/i.test(schema))) {
    refuse(`The schema must be a letter or _, then letters, digits or _, 63 at most, is "${schema}".`);
  }
  if (typeof prefix !== "string" || !/^[a-z_][a-z0-9_]{0,31}$/.test(prefix)) {
    refuse(`The prefix must be a lower-case letter or _, then such, digits or _, 32 at most, is "${prefix}".`);
  }
  if (synchronous !== "full" && synchronous !== "normal") {
    refuse(`The option synchronous must be "full" or "normal", is "${synchronous}".`);
  }
  checkCount(maxConnections, "number of connections");
  if (maxConnections === 0) refuse("There must be at least one connection.");
  checkCount(connectTimeoutMs, "time to connect");
  if (connectTimeoutMs === 0) refuse("The time to connect must be at least 1 ms.");
  for (const [name, value] of Object.entries({ readOnly, create })) {
    if (typeof value !== "boolean") refuse(`The option ${name} must be true or false, is "${value}".`);
  }
  if (readOnly && create) refuse("A store that is opened read-only can't be created: leave create out.");
  return { schema, prefix, synchronous, maxConnections, connectTimeoutMs, create, readOnly, onSkipped };
}

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
