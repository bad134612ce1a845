/** The beginning of a transcript: enough to see whose session it is. */
import { concat, hasCode, type OpOptions, throwIfAborted } from "@session-archiver/core";
import { type Identity, identify, LONGEST_LINE } from "@session-archiver/transcripts";
import type { Files } from "../files.js";

/** How much to look at; more only until one line is whole. */
const HEAD_BYTES = 64 * 1024;
const NEWLINE = 10;

/** What a file's first lines say. `unreadable`: it can't be read. `undefined`: it is gone. */
export async function identityIn(
  files: Files,
  path: string,
  op: OpOptions,
): Promise<Identity | "unreadable" | undefined> {
  try {
    const head = await headOf(files, path, op);
    return head && identify(head);
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return "unreadable";
  }
}

/** Whole lines, as a torn one may hold part of an id; a file without a line end as it is. `undefined`: there is nothing. */
export async function headOf(files: Files, path: string, op: OpOptions): Promise<Uint8Array | undefined> {
  const file = await files.open(path);
  if (!file) return undefined;
  try {
    for (const most of [HEAD_BYTES, LONGEST_LINE]) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.read({ start: 0, end: most })) {
        throwIfAborted(op.signal);
        chunks.push(chunk);
      }
      const bytes = concat(chunks);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) return bytes.subarray(0, end);
      if (bytes.length < most) return bytes;
    }
    return new Uint8Array();
  } finally {
    await file.close();
  }
}
