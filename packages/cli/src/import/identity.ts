/** Finds out whose session a file holds, from its first lines. */
import { concat } from "@session-archiver/core";
import { identify, LONGEST_LINE } from "@session-archiver/transcripts";
import { readRaw, type SourceFile } from "./source-file.js";

/** How much of a file to look at; more only until one line is whole. */
const HEAD_BYTES = 256 * 1024;
const NEWLINE = 10;

/** `<agent>:<native id>`, the same wherever the file lies and however it grows; `undefined` if no line has it. */
export async function identityOf(source: SourceFile, signal: AbortSignal | undefined): Promise<string | undefined> {
  const lines = await headOf(source, signal);
  return lines.length === 0 ? undefined : identify(lines).id;
}

/** The whole lines at the beginning: a torn line may hold only part of an id. */
async function headOf(source: SourceFile, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let { bytes, isAll } = await firstBytes(source, HEAD_BYTES, signal);
  if (!isAll && !bytes.includes(NEWLINE)) ({ bytes, isAll } = await firstBytes(source, LONGEST_LINE, signal));
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  return isAll && isWhole(bytes.subarray(end)) ? bytes : bytes.subarray(0, end);
}

async function firstBytes(
  source: SourceFile,
  most: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly isAll: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The end of a packed file shows only by unpacking it.
  for await (const chunk of readRaw(source, source.form === "plain" ? { end: most + 1 } : {}, signal)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return { bytes: concat(chunks).subarray(0, most), isAll: size <= most };
}

/** Whether the last line is a record although it has no line end. */
function isWhole(line: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(line));
    return true;
  } catch {
    return line.length === 0;
  }
}
