/** Draws a file that is no transcript, such as a large result of a tool. */
import { printableLines } from "../../output/text.js";
import type { ShowOptions } from "../options.js";
import type { Source } from "../source.js";
import type { View } from "./view.js";

const AROUND = 3;

/** Its lines as they are; those that were asked for. There are no turns: `--last` counts lines here. */
export async function* plainText(source: Source, options: ShowOptions, { style }: View): AsyncGenerator<string> {
  const { line, context = AROUND, lines, last, limit = Number.POSITIVE_INFINITY } = options;
  const total = last === undefined ? 0 : await source.total();
  const from = line ? line - context : lines ? lines.from + 1 : last ? total - (last === true ? 1 : last) + 1 : 1;
  let left = limit;
  for await (const { number, text, truncated } of source.lines(Math.max(1, from), line ? line + context : lines?.to)) {
    if (left-- <= 0) return;
    const shown = printableLines(text);
    yield `${number === line ? style("bold", shown) : shown}${truncated ? style("dim", "…") : ""}\n`;
  }
}
