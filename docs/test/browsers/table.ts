/** Reads the table of `docs/browsers.md`. */

export interface Column {
  /** As in the table's head, such as `Firefox ESR 153.8.0`. */
  readonly name: string;
  readonly version: string;
  /** For each row, what its cell says. */
  readonly cells: ReadonlyMap<string, string>;
}

/** The first table of the document, by columns. */
export function columnsOf(markdown: string): readonly Column[] {
  const rows = markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head = [], , ...body] = rows;
  return head.slice(1).map((name, index) => ({
    name,
    version: name.replace(/^.* /, ""),
    cells: new Map(body.map(([row = "", ...cells]) => [row, cells[index] ?? ""])),
  }));
}
