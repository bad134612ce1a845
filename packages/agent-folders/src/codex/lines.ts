/** Lines of a rollout as they are stored. Their bytes are read as Latin-1, so that writing them gives the same bytes. */
import { ArchiverError, type Bytes } from "@session-archiver/core";

/** The longest lines of Codex hold a whole compacted history. */
const LONGEST_LINE = 64 * 1024 * 1024;
const NEWLINE = 10;

/** Each line with its line end; the last may have none. `CORRUPT`: a line is longer than any of Codex's. */
export async function* storedLines(bytes: Bytes, path: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    // A copy: the chunk belongs to its producer, and the rest of it outlives this turn.
    const rest = Buffer.from(chunk);
    let at = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, at)) {
      parts.push(rest.subarray(at, end + 1));
      yield Buffer.concat(parts).toString("latin1");
      parts = [];
      length = 0;
      at = end + 1;
    }
    if (at === rest.length) continue;
    parts.push(rest.subarray(at));
    length += rest.length - at;
    if (length > LONGEST_LINE) {
      throw new ArchiverError("CORRUPT", `${path} has a line of more than ${LONGEST_LINE} bytes: Codex writes none.`);
    }
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString("latin1");
}

export const storedBytes = (line: string): Uint8Array => Buffer.from(line, "latin1");

/** A record's `ordinal`; `"none"`: it has none; `undefined`: the line is torn, blank, or no record of Codex's. */
export function ordinalOf(line: string): number | "none" | undefined {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    if (!("ordinal" in record)) return "none";
    const { ordinal } = record;
    return typeof ordinal === "number" && Number.isSafeInteger(ordinal) && ordinal >= 0 ? ordinal : undefined;
  } catch {
    return undefined;
  }
}
