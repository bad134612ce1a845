/** A table of columns without lines around them, so that other programs can split it as well. */
import { printable } from "./text.js";
import { isPlain, loadMeasure } from "./width.js";

export interface Column {
  readonly title: string;
  readonly alignment?: "left" | "right";
}

const GAP = "  ";

export async function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): Promise<string> {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(cell))];
  const widthOf = lines.every((line) => line.every(isPlain)) ? lengthOf : await loadMeasure();
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

function lengthOf(text: string): number {
  return text.length;
}
