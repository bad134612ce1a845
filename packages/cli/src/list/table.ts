/** Lists sessions in columns, in which titles give way to the width of a terminal. */
import type { ListedSession } from "../documents.js";
import { printable } from "../output/text.js";
import { cut, isPlain, loadMeasure, type Measure } from "../output/width.js";
import { NARROW, TITLE, WIDE } from "./cells.js";
import { type Fitted, fittedTo, type Line } from "./fit.js";
import type { Units } from "./units.js";

export interface TableOptions {
  readonly wide: boolean;
  /** What a line may take; without end where nobody sees it. */
  readonly columns: number;
  /** Unix ms. */
  readonly now: number;
}

/** How many rows decide the width of columns. */
const LOOKED_AT = 500;
const GAP = "  ";
/** Before subagents' sessions. */
const BELOW = "└ ";

/** Text of whole lines. The first comes when some hundred rows were seen, the others as they come. */
export async function* tableText(units: Units, options: TableOptions): AsyncGenerator<string> {
  const all = options.wide ? WIDE : NARROW;
  let waiting: Line[] = [];
  let fitted: readonly Fitted[] | undefined;
  let measure: Measure = lengthOf;
  let isMeasuring = false;
  const add = (session: ListedSession, lead: string): void => {
    const cells = all.map((column) => (column === TITLE ? lead : "") + column.cell(session, options.now));
    waiting.push(isPlain(cells.join("")) ? cells : cells.map(printable));
  };
  const flush = async (): Promise<string> => {
    if (!isMeasuring && waiting.some((line) => !isPlain(line.join("")))) {
      measure = await loadMeasure();
      isMeasuring = true;
    }
    const head = fitted ? [] : [all.map(({ title }) => title)];
    const columns = options.wide ? Number.POSITIVE_INFINITY : options.columns;
    fitted ??= fittedTo(columns - GAP.length * (all.length - 1), all, waiting, GAP.length, measure);
    const text = [...head, ...waiting].map(lineMaker(fitted, measure)).join("");
    waiting = [];
    return text;
  };
  for await (const some of units) {
    for (const { session, children } of some) {
      add(session, "");
      for (const child of children) add(child, BELOW);
    }
    if (fitted || waiting.length >= LOOKED_AT) yield await flush();
  }
  if (waiting.length > 0) yield await flush();
}

const lengthOf: Measure = (text) => text.length;

function lineMaker(fitted: readonly Fitted[], measureAny: Measure): (line: Line) => string {
  return (line) => {
    const measure = isPlain(line.join("")) ? lengthOf : measureAny;
    let text = "";
    for (const [i, { at, column, width, isCut }] of fitted.entries()) {
      const whole = line[at] ?? "";
      const cell = isCut ? cut(whole, width, measure) : whole;
      const space = " ".repeat(Math.max(0, width - measure(cell)));
      text += `${i > 0 ? GAP : ""}${column.alignment === "right" ? space + cell : cell + space}`;
    }
    return `${text.trimEnd()}\n`;
  };
}
