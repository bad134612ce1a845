/** What the first line of a rollout says of its thread. Its content is untrusted. */
import { isHarmlessId } from "./names.js";

export interface CodexHead {
  /** `session_meta.id`; in the first releases, `id` at the top. */
  readonly nativeId: string;
  /** The working directory. */
  readonly cwd: string | undefined;
  /** `history_base`: what comes before this file's lines, in another file. */
  readonly base: HistoryBase | undefined;
  readonly forkedFrom: string | undefined;
}

export interface HistoryBase {
  /** Of the thread; or, if a revert began the file, the segment's id in the file's name. */
  readonly id: string;
  /** Bytes of that file that come before; `undefined`: it does not say. */
  readonly endByteOffset: number | undefined;
}

const LONGEST_CWD = 4096;

const asObject = (value: unknown): { readonly [key: string]: unknown } | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : undefined;
const asId = (value: unknown): string | undefined =>
  typeof value === "string" && isHarmlessId(value) ? value : undefined;

/** A folder that can be shown in one line of a terminal. */
function asFolder(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_CWD) return undefined;
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(value) ? undefined : value;
}

function asBase(value: unknown): HistoryBase | undefined {
  const base = asObject(value);
  const id = asId(base?.["thread_id"]);
  const end = base?.["end_byte_offset"];
  return id === undefined ? undefined : { id, endByteOffset: typeof end === "number" && end >= 0 ? end : undefined };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** `undefined`: not the first line of a thread. */
export function parseHead(line: string): CodexHead | undefined {
  const record = asObject(parsed(line));
  if (record === undefined) return undefined;
  const meta = record["type"] === "session_meta" ? asObject(record["payload"]) : undefined;
  const isBare = record["type"] === undefined && record["payload"] === undefined && "instructions" in record;
  const nativeId = asId(meta ? meta["id"] : isBare ? record["id"] : undefined);
  if (nativeId === undefined) return undefined;
  return {
    nativeId,
    cwd: asFolder(meta?.["cwd"]),
    base: asBase(meta?.["history_base"]),
    forkedFrom: asId(meta?.["forked_from_id"]),
  };
}
