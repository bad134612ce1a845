/** Draws what was said: Markdown as it was written, wrapped. */
import { printableLines } from "../../output/text.js";
import { wrap } from "../../output/width.js";
import type { View } from "./view.js";

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
const FENCE = /^\s*(`{3,}|~{3,})/;
const HEADING = /^#{1,6} /;
/** Broken, a table is no longer one. */
const TABLE = /^\s*\|/;

export function proseLines(text: string, { style, columns, measure }: View): readonly string[] {
  let fence: string | undefined;
  return trimmed(printableLines(text)).flatMap((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || (mark.startsWith(fence) && line.trim() === mark))) {
      fence = fence === undefined ? mark : undefined;
      return [style("dim", line)];
    }
    if (fence !== undefined) return [style("cyan", line)];
    if (TABLE.test(line)) return [line];
    const lines = wrap(line, Math.min(columns, MOST_COLUMNS), measure);
    return HEADING.test(line) ? lines.map((one) => style("bold", one)) : lines;
  });
}

/** Without blank lines around it. */
function trimmed(text: string): readonly string[] {
  return text
    .replace(/^(?: *\n)+/, "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}
