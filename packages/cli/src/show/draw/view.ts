/** How things are drawn. */
import type { Style } from "../../output/style.js";
import { printableLines } from "../../output/text.js";
import { cut, type Measure } from "../../output/width.js";

/** `folded`: tools on one line; `tools`: with the beginning of what went in and came out; `full`: everything. */
export type Depth = "folded" | "tools" | "full";

export interface View {
  readonly style: Style;
  readonly columns: number;
  readonly measure: Measure;
}

/** How many lines of a text are shown where it is not shown in full. */
export const FEW_LINES = 10;
/** Beyond this, no terminal is wide enough. */
const MOST_CHARS = 4000;

/** One line: cut to the columns, in this look. */
export function oneLine(text: string, columns: number, { measure }: View): string {
  const line = printableLines(text.slice(0, MOST_CHARS)).replace(/\s+/g, " ").trim();
  return cut(text.length > MOST_CHARS ? `${line}…` : line, columns, measure);
}

/** Lines of a text from outside: all as they are, or the first few, each cut to the columns, and how many more there are. */
export function linesOf(text: string, columns: number, depth: Depth, { style, measure }: View): readonly string[] {
  const all = text.replace(/\s+$/, "").split("\n");
  if (depth === "full") return printableLines(all.join("\n")).split("\n");
  const few = all.slice(0, FEW_LINES).map((line) => cut(printableLines(line.slice(0, MOST_CHARS)), columns, measure));
  return [...few, ...moreLines(all.length - few.length, style)];
}

export function moreLines(more: number, style: Style): readonly string[] {
  return more > 0 ? [style("dim", `… ${more} more ${more === 1 ? "line" : "lines"}`)] : [];
}
