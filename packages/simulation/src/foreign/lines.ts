/** Lines of simulated transcripts: a head, then lines that are unique, such as `w2.7`. All is ASCII. */
import { crc32 } from "node:zlib";

/** The first line of every whole file. */
export const HEAD = "head\n";

export function bytesOfText(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Complete lines, with their line ends. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}

export function crcOf(text: string): number {
  return crc32(bytesOfText(text));
}

/** Whether a writer went on at a place from which the file had been taken. */
export function isFragment(text: string): boolean {
  return !text.startsWith(HEAD);
}
