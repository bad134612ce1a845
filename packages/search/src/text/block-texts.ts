/** The texts of what people, the model or tools said, by the blocks of a parsed line. */
import type { Block, Detail, Entry } from "@session-archiver/transcripts";
import type { SearchScope } from "../search/search-options.js";
import { jsonTexts } from "./json-texts.js";
import type { LineText } from "./line-texts.js";

export function blockTexts(entries: readonly Entry[], scope: Exclude<SearchScope, "all">): readonly LineText[] {
  return entries.flatMap((entry) => entry.blocks.flatMap((block) => textsOf(entry, block, scope)));
}

function textsOf({ role }: Entry, block: Block, scope: SearchScope): readonly LineText[] {
  const field = (): string => block.type;
  const isSpeech = block.type === "text" && (role === "user" || role === "assistant");
  if (scope === "prose") return isSpeech ? [{ text: block.text, field }] : [];
  const texts = (): readonly string[] => {
    switch (block.type) {
      case "call":
        return [block.name, block.summary, ...block.body.flatMap(detailTexts)];
      case "result":
        return block.body.flatMap(detailTexts);
      case "output":
      case "code":
      case "diff":
      case "todos":
        return detailTexts(block);
      case "text":
        return role === "tool" ? [block.text] : [];
      default:
        return [];
    }
  };
  return texts().map((text) => ({ text, field }));
}

function detailTexts(detail: Detail): readonly string[] {
  switch (detail.type) {
    case "text":
    case "output":
    case "code":
      return [detail.text];
    case "diff":
      return [detail.path, detail.hunks.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n")];
    case "todos":
      return detail.items.map(({ text }) => text);
    case "json":
      return jsonTexts(detail.value).map(({ text }) => text);
    case "image":
      return [];
  }
}
