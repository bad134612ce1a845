/** A run record: what some runs gave up or took back, as a small JSON object in the sink. */

import { isName } from "../adapter/validate.js";
import { release, toBytes } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import { hasMoreContainers } from "../format/containers.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import { recordIn } from "../session/metadata.js";
import type { Change, ChangeKind } from "./changes.js";

/** One run: an operation over any number of sessions. */
export interface Run {
  /** 16 hex digits: after records are combined, the same run may be in two of them. */
  readonly run: string;
  /** The archiver's operation: `prune`, `undo-prune`, `remove`, `restore`, `pin`, `append` and so on. */
  readonly operation: string;
  /** Unix ms. */
  readonly at: number;
  readonly changes: readonly Change[];
  /** How many changes there were, if some were left out because later runs made them meaningless. */
  readonly count?: number;
}

export interface RunRecord {
  readonly format: 1;
  /** Id of the store. */
  readonly store: string;
  /**
   * Key of the newest record known when this one was made, which orders them without a clock. If this one replaces
   * others: of the newest one known before those.
   */
  readonly after: string | null;
  /** Keys of the records whose runs this one has taken over. */
  readonly replaces: readonly string[];
  /** Oldest first. */
  readonly runs: readonly Run[];
}

/** Larger records are refused: they would describe some hundred thousand sessions. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** Most arrays and objects in one. A change holds a handful, and takes some hundred bytes. */
const MAX_CONTAINERS = 3_000_000;

export function encodeRecord(record: RunRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record)}\n`);
}

/** `NOT_FOUND` if it is gone, `CORRUPT` if it is not a run record of this store. */
export async function readRecord(sink: ArchiveSink, key: string, store: string, op?: OpOptions): Promise<RunRecord> {
  const corrupt = (what: string, cause?: unknown): ArchiverError =>
    new ArchiverError("CORRUPT", `Run record "${key}" ${what}.`, { key, cause });
  const bytes = await toBytes(sink.read(key, { start: 0, end: MAX_RECORD_BYTES + 1 }, op));
  if (bytes.length > MAX_RECORD_BYTES) throw corrupt(`is larger than ${MAX_RECORD_BYTES} bytes`);
  if (hasMoreContainers(bytes, MAX_CONTAINERS)) throw corrupt(`holds more than ${MAX_CONTAINERS} arrays and objects`);
  let value: RunRecord;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt("is not JSON", cause);
  }
  release(bytes);
  const isRecord = value?.format === 1 && value.store === store && Array.isArray(value.runs) && value.runs.every(isRun);
  if (!isRecord) throw corrupt("does not hold runs of this store");
  const replaces = Array.isArray(value.replaces) ? value.replaces.filter(isName) : [];
  return { format: 1, store, after: isName(value.after) ? value.after : null, replaces, runs: value.runs };
}

const KINDS: ReadonlySet<string> = new Set<ChangeKind>([
  "pruned",
  "unpruned",
  "purged",
  "restored",
  "resumed",
  "removed",
  "collected",
  "pinned",
  "unpinned",
  "updated",
]);

function isRun(value: unknown): value is Run {
  const { run, operation, at, changes } = (value ?? {}) as Partial<Run>;
  const named = typeof run === "string" && typeof operation === "string";
  return named && Number.isFinite(at) && Array.isArray(changes) && changes.every(isChange);
}

function isChange(value: unknown): value is Change {
  const { id, change, keys, archive, meta } = (value ?? {}) as Partial<Change>;
  const isNamed = isName(id) && (archive === undefined || isName(archive));
  const isShaped = (keys === undefined || (Array.isArray(keys) && keys.every(isName))) && isMeta(meta);
  return isNamed && isShaped && KINDS.has(String(change));
}

function isMeta(value: unknown): boolean {
  return value === undefined || recordIn(value) !== undefined;
}
