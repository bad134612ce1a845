/** What a line says in a few words, for lines beside a hit. */
import type { Block, Entry } from "@session-archiver/transcripts";

export function saying(entries: readonly Entry[]): string {
  return entries
    .flatMap(({ blocks }) => blocks.map(sayingOf))
    .filter((text) => text !== "")
    .join("\n");
}

function sayingOf(block: Block): string {
  switch (block.type) {
    case "text":
    case "thinking":
    case "output":
    case "code":
    case "raw":
      return block.text;
    case "context":
      return `${block.name}: ${block.text}`;
    case "call":
      return block.summary === "" ? block.name : `${block.name}: ${block.summary}`;
    case "result":
      return block.body.map(sayingOf).join("\n") || block.note;
    case "diff":
      return block.path;
    case "todos":
      return block.items.map(({ text }) => text).join("\n");
    case "event":
      return block.detail === "" ? block.label : `${block.label}: ${block.detail}`;
    case "json":
      return JSON.stringify(block.value);
    case "image":
      return "";
  }
}
