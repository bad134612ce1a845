/** A table of columns without lines around them, so that other programs can split it as well. */
import { fitColumns, type Giving } from "./fit-columns.js";
import { printable } from "./text.js";
import { cut, cutStart, isPlain, loadMeasure } from "./width.js";

export interface Column extends Giving {
  readonly title: string;
  readonly alignment?: "left" | "right";
}

const GAP = "  ";

/** `room`: columns that a line should fit into, as far as those of the table may give way; by default, nothing is cut. */
export async function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room: number = Number.POSITIVE_INFINITY,
): Promise<string> {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(cell))];
  const widthOf = lines.every((line) => line.every(isPlain)) ? lengthOf : await loadMeasure();
  const natural = columns.map((_, at) => lines.reduce((width, line) => Math.max(width, widthOf(line[at] ?? "")), 0));
  const fitted = fitColumns(columns, natural, room, GAP.length);
  const shown = (line: readonly string[]): string =>
    fitted
      .map(({ at, width }) => {
        const { alignment = "left", cut: side } = columns[at] ?? {};
        const whole = line[at] ?? "";
        const isNarrowed = width < (natural[at] ?? 0);
        const text = isNarrowed ? (side === "start" ? cutStart : cut)(whole, width, widthOf) : whole;
        const space = " ".repeat(width - widthOf(text));
        return alignment === "right" ? space + text : text + space;
      })
      .join(GAP)
      .replace(/ +$/, "");
  return lines.map((line) => `${shown(line)}\n`).join("");
}

function cell(text: string): string {
  return isPlain(text) ? text : printable(text);
}

function lengthOf(text: string): number {
  return text.length;
}
