/** What lines say, one entry after the other. */
import { type Entry, type Flaw, parseLine, type TranscriptKind } from "@session-archiver/transcripts";
import type { NumberedLine } from "./numbered-lines.js";

export interface LineEntry {
  /** Number of its line, from 1. */
  readonly line: number;
  readonly entry: Entry;
  /** What was wrong with the line; said with its first entry only. */
  readonly flaw: Flaw | null;
  /** Size of the line. */
  readonly bytes: number;
  /** UTF-16 units of the line that this entry may hold on to. */
  readonly weight: number;
  /** Number of the turn that begins here, where it is known: turns are counted from the first line. */
  readonly turn: number | undefined;
}

export function entriesOf(
  { number, text, bytes, truncated }: NumberedLine,
  kind: TranscriptKind,
): readonly LineEntry[] {
  const { entries, flaw } = parseLine(text, kind, truncated);
  return entries.map((entry, i) => ({
    line: number,
    entry,
    flaw: i === 0 ? flaw : null,
    bytes,
    weight: text.length,
    turn: undefined,
  }));
}

/** What agents' programs write in the user's name. */
const BY_PROGRAM = /^\s*(\[Request interrupted|Caveat: The messages below|This session is being continued from)/;

/** Whether a turn begins here: with what a person wrote. */
export function beginsTurn({ role, blocks }: Entry): boolean {
  if (role !== "user") return false;
  return blocks.some(
    (block) =>
      block.type === "image" || (block.type === "text" && block.text.trim() !== "" && !BY_PROGRAM.test(block.text)),
  );
}
