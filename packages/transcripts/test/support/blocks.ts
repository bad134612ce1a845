/** Reads a parsed line's entries and texts, for tests. */
import type { Block, ParsedLine } from "../../src/entry.js";
import type { TranscriptKind } from "../../src/kind.js";
import { parseLine } from "../../src/lines/parse-line.js";

export const blocksOf = ({ entries }: ParsedLine): readonly Block[] => entries.flatMap(({ blocks }) => blocks);

/** The only entry of a record. */
export function entryOf(record: unknown, kind: TranscriptKind = "claude-code") {
  const { entries, flaw } = parseLine(JSON.stringify(record), kind);
  if (flaw !== null || entries[0] === undefined) throw new Error(`not read as a record: ${flaw}`);
  return entries[0];
}

/** All text that a reader can see. */
export function wordsOf(block: Block): string {
  switch (block.type) {
    case "text":
    case "thinking":
    case "context":
    case "output":
    case "code":
    case "raw":
      return block.text;
    case "json":
      return JSON.stringify(block.value);
    case "call":
      return [block.name, block.summary, ...block.body.map(wordsOf)].join("\n");
    case "result":
      return block.body.map(wordsOf).join("\n");
    case "diff":
      return block.hunks.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n");
    case "todos":
      return block.items.map(({ text }) => text).join("\n");
    case "event":
      return `${block.label} ${block.detail}`;
    case "image":
      return "";
  }
}
