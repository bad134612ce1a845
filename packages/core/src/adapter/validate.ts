/** Checks on everything that comes from outside. Adapters use the same ones, so that all refuse alike. */
import { ArchiverError } from "../errors.js";
import type { BlobKey, BlobRef, ByteRange } from "../ports.js";

/** Longest id, blob name, generation or sink key, in UTF-16 units. */
export const MAX_NAME_LENGTH = 1024;

/** Whether `value` is a usable id, blob name, generation or sink key. */
export function isName(value: unknown): value is string {
  return problemOf(value) === undefined;
}

/** `INVALID_ARGUMENT` unless `value` is a usable id, blob name, generation or sink key; `what` names it. */
export function checkName(value: unknown, what: string): asserts value is string {
  const problem = problemOf(value);
  if (problem) throw new ArchiverError("INVALID_ARGUMENT", `The ${what} ${problem}.`);
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== "string") return "must be a string";
  if (value === "") return "must not be empty";
  if (value.length > MAX_NAME_LENGTH) return `must be at most ${MAX_NAME_LENGTH} characters, has ${value.length}`;
  return value.isWellFormed() ? undefined : "holds a lone surrogate, which is not valid text";
}

export function checkBlobKey(key: BlobKey): void {
  checkName(key?.id, "session id");
  checkName(key?.name, "blob name");
}

export function checkBlobRef(at: BlobRef): void {
  checkBlobKey(at?.key);
  checkName(at.generation, "generation");
  checkCount(at.size, "blob size");
}

/** Text of what JSON can hold; `INVALID_ARGUMENT` if it can't, as where metadata is nested too deeply. */
export function checkedJson(value: unknown, id?: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw notJson(id, cause);
  }
}

/** The same of an object. What has a `toJSON` may become something else, or nothing. */
export function checkedObjectJson(value: unknown, id?: string): string {
  const json: unknown = checkedJson(value, id);
  if (typeof json === "string" && json.startsWith("{")) return json;
  throw notJson(id);
}

function notJson(id: string | undefined, cause?: unknown): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", "The metadata must be an object that JSON can hold.", { id, cause });
}

/** `INVALID_ARGUMENT` unless `value` is a whole number from 0 to 2^53 - 1. */
export function checkCount(value: unknown, what: string): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new ArchiverError("INVALID_ARGUMENT", `The ${what} must be a whole number of at least 0, is ${value}.`);
  }
}

/** The range within `size` bytes, both ends filled in and clamped. */
export function resolveRange(range: ByteRange | undefined, size: number): { start: number; end: number } {
  const start = range?.start ?? 0;
  checkCount(start, "start of the range");
  const end = range?.end ?? Math.max(size, start);
  checkCount(end, "end of the range");
  if (end < start) throw new ArchiverError("INVALID_ARGUMENT", `The range ends (${end}) before it starts (${start}).`);
  return { start: Math.min(start, size), end: Math.min(end, size) };
}
