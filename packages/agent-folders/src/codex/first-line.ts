/** Reads a file's first line, of a compressed file too, and no more than it must. */
import * as zlib from "node:zlib";
import type { Bytes } from "@session-archiver/core";
import type { Files, OpenFile } from "../files.js";

/** Codex's own first lines have 22 kB and more: they hold the model's instructions. Longer ones are not read. */
export const LONGEST_FIRST_LINE: number = 4 * 1024 * 1024;
const USUAL_BYTES = 64 * 1024;
const NEWLINE = 10;

/** Node.js before 22.15 has no zstd. */
export const canUnzstd: boolean = typeof zlib.createZstdDecompress === "function";

/** `undefined`: there is no such file, it is empty, its first line is longer than any of Codex's, or it is damaged. */
export async function firstLine(files: Files, path: string, isCompressed: boolean): Promise<string | undefined> {
  const file = await files.open(path);
  if (file === undefined) return undefined;
  try {
    return isCompressed ? await compressedLine(file) : await plainLine(file);
  } finally {
    await file.close();
  }
}

async function plainLine(file: OpenFile): Promise<string | undefined> {
  const short = await lineOf(file.read({ start: 0, end: USUAL_BYTES }), USUAL_BYTES);
  if (short.isWhole) return short.text;
  const long = await lineOf(file.read({ start: 0, end: LONGEST_FIRST_LINE + 1 }), LONGEST_FIRST_LINE + 1);
  // A longer one is cut, and no JSON.
  return long.text;
}

interface Line {
  readonly text: string;
  /** `false`: no line end was found. */
  readonly isWhole: boolean;
}

async function lineOf(bytes: Bytes, most: number): Promise<Line> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  for await (const chunk of bytes) {
    const newline = chunk.indexOf(NEWLINE);
    // A copy: the chunk belongs to its producer.
    parts.push(Uint8Array.from(newline < 0 ? chunk : chunk.subarray(0, newline)));
    length += chunk.length;
    isWhole = newline >= 0;
    if (isWhole || length >= most) break;
  }
  return { text: new TextDecoder().decode(Buffer.concat(parts)), isWhole };
}

async function compressedLine(file: OpenFile): Promise<string | undefined> {
  if (!canUnzstd) return undefined;
  const decoder = zlib.createZstdDecompress();
  const feed = async (): Promise<void> => {
    for await (const chunk of file.read({ start: 0, end: LONGEST_FIRST_LINE })) {
      if (decoder.destroyed) return;
      if (!decoder.write(chunk)) await new Promise<void>((done) => decoder.once("drain", done).once("close", done));
    }
    if (!decoder.destroyed) decoder.end();
  };
  let unread: unknown;
  const fed = feed().catch((error: unknown) => {
    unread = error;
    decoder.destroy();
  });
  const line = await lineOf(decoder, LONGEST_FIRST_LINE).catch(() => undefined);
  decoder.destroy();
  await fed;
  // A file that can't be read now is no damaged one.
  if (unread !== undefined) throw unread;
  return line?.isWhole ? line.text : undefined;
}
