/** Checks on everything that comes from outside. Adapters use the same ones, so that all refuse alike. */
import { ArchiverError } from "./errors.js";
import type { BlobKey, BlobRef, ByteRange } from "./ports.js";

/** Longest id, blob name, generation or sink key, in UTF-16 units. */
export const MAX_NAME_LENGTH = 1024;

/** `INVALID_ARGUMENT` unless `value` is a usable id, blob name, generation or sink key; `what` names it. */
export function checkName(value: unknown, what: string): asserts value is string {
  const problem =
    typeof value !== "string"
      ? "must be a string"
      : value === ""
        ? "must not be empty"
        : value.length > MAX_NAME_LENGTH
          ? `must be at most ${MAX_NAME_LENGTH} characters, has ${value.length}`
          : !value.isWellFormed()
            ? "holds a lone surrogate, which is not valid text"
            : undefined;
  if (problem) throw new ArchiverError("INVALID_ARGUMENT", `The ${what} ${problem}.`);
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
