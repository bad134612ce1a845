/** A terminal that is looked at: what programs print into it, as lines of styled text. */
import xterm from "@xterm/headless";

/** Text of one look, beginning in a column. */
export interface Run {
  readonly column: number;
  readonly text: string;
  /** Number of the colour in the palette; `undefined` for the usual one. */
  readonly color: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** The runs of each row, from the top. */
export type Screen = readonly (readonly Run[])[];

export interface Terminal {
  print(text: string): Promise<void>;
  screen(): Screen;
}

export function openTerminal(columns: number, rows: number): Terminal {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const rowAt = (y: number): readonly Run[] => {
    const buffer = terminal.buffer.active;
    const line = buffer.getLine(buffer.baseY + y);
    const runs: Run[] = [];
    for (let column = 0; column < columns; column++) {
      const cell = line?.getCell(column);
      const text = cell?.getChars() ?? "";
      if (!cell || text === "") continue;
      const color = cell.isFgDefault() ? undefined : cell.getFgColor();
      const look = { color, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
      const last = runs.at(-1);
      const isNext = last && last.column + last.text.length === column;
      if (isNext && last.color === color && last.bold === look.bold && last.dim === look.dim)
        runs[runs.length - 1] = { ...last, text: last.text + text };
      else if (text !== " ") runs.push({ column, text, ...look });
    }
    return runs.map((run) => ({ ...run, text: run.text.trimEnd() }));
  };
  return {
    print: (text) => new Promise((resolve) => terminal.write(text, resolve)),
    screen: () => Array.from({ length: rows }, (_, y) => rowAt(y)),
  };
}
