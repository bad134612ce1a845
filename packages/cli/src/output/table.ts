/** A table of columns without lines around them, so that other programs can split it as well. */
import { printable } from "./text.js";

export interface Column {
  readonly title: string;
  readonly alignment?: "left" | "right";
}

const GAP = "  ";
/** Text whose width equals its length: nearly all cells, of which there may be many thousands. */
const PLAIN = /^[ -~]*$/;

export async function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): Promise<string> {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(cell))];
  const widthOf = lines.every((line) => line.every(isPlain)) ? lengthOf : await anyWidth();
  const widths = columns.map((_, at) => lines.reduce((width, line) => Math.max(width, widthOf(line[at] ?? "")), 0));
  const padded = (line: readonly string[]): string =>
    columns
      .map(({ alignment = "left" }, at) => {
        const text = line[at] ?? "";
        const space = " ".repeat((widths[at] ?? 0) - widthOf(text));
        return alignment === "right" ? space + text : text + space;
      })
      .join(GAP)
      .replace(/ +$/, "");
  return lines.map((line) => `${padded(line)}\n`).join("");
}

function cell(text: string): string {
  return isPlain(text) ? text : printable(text);
}

function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

function lengthOf(text: string): number {
  return text.length;
}

/** Measures any script in terminal columns. Loaded when needed: making its patterns costs more than most tables. */
async function anyWidth(): Promise<(text: string) => number> {
  const { default: stringWidth } = await import("string-width");
  return (text) => (isPlain(text) ? text.length : stringWidth(text));
}
