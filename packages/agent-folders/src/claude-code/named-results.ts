/** Finds the sessions whose results of tools a transcript names by path. */
import { type Bytes, type OpOptions, throwIfAborted } from "@session-archiver/core";
import { isUuid } from "./names.js";

const RESULTS = Buffer.from("tool-results");
const UUID_LENGTH = 36;
/** Between the two: `/`, or a backslash as JSON writes it. */
const MOST_SEPARATORS = 4;
/** How much of the bytes before may belong to what is found in the next ones. */
const OVERLAP = UUID_LENGTH + MOST_SEPARATORS + RESULTS.length - 1;
const SEPARATORS = new Set([47, 92]);

/** Native ids, each once. Holds one piece of the bytes at a time, whatever their lines are. */
export async function namedResults(bytes: Bytes, { signal }: OpOptions = {}): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let before = Buffer.alloc(0);
  for await (const piece of bytes) {
    throwIfAborted(signal);
    const joined = Buffer.concat([before, piece]);
    for (let at = joined.indexOf(RESULTS); at >= 0; at = joined.indexOf(RESULTS, at + RESULTS.length)) {
      const uuid = uuidBefore(joined, at);
      if (uuid !== undefined) found.add(uuid);
    }
    before = Buffer.from(joined.subarray(Math.max(0, joined.length - OVERLAP)));
  }
  return found;
}

function uuidBefore(bytes: Buffer, at: number): string | undefined {
  let end = at;
  while (end > 0 && at - end < MOST_SEPARATORS && SEPARATORS.has(bytes[end - 1] ?? 0)) end--;
  const uuid = end < at ? bytes.toString("latin1", Math.max(0, end - UUID_LENGTH), end) : "";
  return isUuid(uuid) ? uuid : undefined;
}
