/** Names lines that are lost, counted from 1 as people do. */
import type { LostLines } from "@session-archiver/core";
import { formatSize } from "./sizes.js";

const MOST_SHOWN = 20;

interface Loss {
  readonly lostLines: readonly LostLines[];
  readonly lostBytes: number;
}

/** `lines 12 to 40, 77 (1.2 MB)`. */
export function lostText({ lostLines, lostBytes }: Loss): string {
  const shown = lostLines.slice(0, MOST_SHOWN).map(rangeText);
  const more = lostLines.length - shown.length;
  const rest = more > 0 ? `, and ${more} more ranges` : "";
  const isOne = lostLines.length === 1 && shown[0]?.includes("to") === false;
  const lines = shown.length === 0 ? "bytes" : `${isOne ? "line" : "lines"} ${shown.join(", ")}${rest}`;
  return `${lines} (${formatSize(lostBytes)})`;
}

function rangeText([from, to]: LostLines): string {
  if (to === null) return `${from + 1} to the end`;
  return to === from + 1 ? String(to) : `${from + 1} to ${to}`;
}
