/**
 * Recognises threads that an older release of Codex made unreadable to newer ones. Since 0.150 each record has a running
 * `ordinal`; 0.140 and older resume such a thread, and append records without one. From then on newer releases refuse it:
 * "final paginated rollout record is missing an ordinal".
 */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { Files, OpenFile } from "../files.js";
import { ordinalOf, storedLines } from "./lines.js";

const USUAL_TAIL = 64 * 1024;

/**
 * Whether records without an ordinal come behind records with one. Reads both ends of the file, and all of it only if they
 * differ. `false` if there is no file; `CORRUPT` for a line longer than any of Codex's.
 */
export async function hasMixedOrdinals(files: Files, path: string, op: OpOptions = {}): Promise<boolean> {
  const file = await files.open(path);
  if (file === undefined) return false;
  try {
    const { size } = await file.look();
    if (typeof (await firstOrdinal(file, path)) !== "number") return false;
    if ((await lastOrdinal(file, path, size)) !== "none") return false;
    return await isMixed(file, path, op);
  } finally {
    await file.close();
  }
}

async function firstOrdinal(file: OpenFile, path: string): Promise<number | "none" | undefined> {
  for await (const line of storedLines(file.read(), path)) return ordinalOf(line);
  return undefined;
}

/** That of the last whole record; `undefined` if there is no record. */
async function lastOrdinal(file: OpenFile, path: string, size: number): Promise<number | "none" | undefined> {
  for (let bytes = USUAL_TAIL; ; bytes *= 4) {
    const start = Math.max(0, size - bytes);
    let last: number | "none" | undefined;
    for await (const line of storedLines(file.read({ start, end: size }), path)) {
      // A line that is cut at the front is no record.
      last = ordinalOf(line) ?? last;
    }
    if (last !== undefined || start === 0) return last;
  }
}

async function isMixed(file: OpenFile, path: string, op: OpOptions): Promise<boolean> {
  let withOne = false;
  for await (const line of storedLines(file.read(), path)) {
    throwIfAborted(op.signal);
    const ordinal = ordinalOf(line);
    if (typeof ordinal === "number") withOne = true;
    else if (ordinal === "none" && withOne) return true;
  }
  return false;
}
