/** Compares what a session holds with a file, chunk against chunk. */
import type { Bytes } from "@session-archiver/core";
import type { TranscriptScan } from "../scan.ts";

export interface Comparison {
  /** Bytes the session holds; the file's first ones unless `differs` says otherwise. */
  readonly heldBytes: number;
  readonly differs?: "shorter" | "other";
}

/** Reads both, the file to its end (unless it differs), so that `scan` has seen all of it. */
export async function compare(held: Bytes, file: Bytes, scan: TranscriptScan): Promise<Comparison> {
  const chunks = file[Symbol.asyncIterator]();
  let heldBytes = 0;
  let rest: Uint8Array = new Uint8Array();
  const more = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done) return false;
    rest = next.value;
    scan.add(rest);
    return true;
  };
  try {
    for await (const chunk of held) {
      heldBytes += chunk.length;
      for (let at = 0; at < chunk.length; ) {
        if (rest.length === 0 && !(await more())) return { heldBytes, differs: "shorter" };
        const length = Math.min(rest.length, chunk.length - at);
        if (!equal(chunk, at, rest, length)) return { heldBytes, differs: "other" };
        rest = rest.subarray(length);
        at += length;
      }
    }
    while (await more());
    scan.end();
    return { heldBytes };
  } finally {
    await chunks.return?.();
  }
}

function equal(a: Uint8Array, at: number, b: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[at + i] !== b[i]) return false;
  return true;
}
