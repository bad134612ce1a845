/** Columns without lines around them, so that they can be cut up by other programs as well. */
import { getBorderCharacters, table } from "table";
import { printable } from "./text.js";

export interface Column {
  readonly title: string;
  readonly alignment?: "left" | "right";
}

export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const text = table(cells, {
    border: getBorderCharacters("void"),
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    columns: columns.map(({ alignment = "left" }) => ({ alignment })),
    drawHorizontalLine: () => false,
  });
  return text.replace(/ +$/gm, "");
}
