/** What people ask `show` for. */
import { InvalidArgumentError } from "commander";
import type { FilterOptions } from "../select/filter-options.js";
import { UsageError } from "../usage-error.js";

/** Numbers from 1 on, both ends included. */
export interface NumberRange {
  readonly from: number;
  /** Without one: to the end. */
  readonly to: number | undefined;
}

export interface ShowOptions extends Pick<FilterOptions, "agent" | "project"> {
  readonly line?: number;
  /** Lines around it. */
  readonly context?: number;
  readonly lines?: { readonly from: number; readonly to: number | undefined };
  readonly turns?: NumberRange;
  /** Turns; `true`: no number was given. */
  readonly last?: number | true;
  readonly file?: string;
  readonly tools?: true;
  readonly thinking?: true;
  readonly full?: true;
  readonly limit?: number;
}

/** `--last` with no number is the last turn, and takes the next word only if it is a number. */
export function lastArgument(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a number of turns behind it, or put the id before it: show ID --last.");
}

/** `3`, `2-5`, `2:5`, `4-`, `-4`. */
export function turnsArgument(text: string): NumberRange {
  const [, first, last] = /^(?=.*\d)(\d*)[-:](\d*)$/.exec(text) ?? /^(\d+)$/.exec(text) ?? [];
  const from = first === "" ? 1 : Number(first);
  const to = last === undefined ? from : last === "" ? undefined : Number(last);
  if (Number.isSafeInteger(from) && from >= 1 && (to === undefined || (Number.isSafeInteger(to) && to >= from)))
    return { from, to };
  throw new InvalidArgumentError("Write turns as 3, 2-5, 4- or -4: the first turn is 1, both ends are included.");
}

/** What the parser can't say by itself. */
export function checkShow(word: string | undefined, options: ShowOptions): void {
  const { agent, project, last } = options;
  const isChoosing = agent !== undefined || project !== undefined;
  if (word === undefined && !isChoosing && last === undefined)
    throw new UsageError("Name a session, or give --last for the newest one.");
  if (word !== undefined && isChoosing) throw new UsageError("Give an id, or options that choose a session, not both.");
  if (options.context !== undefined && options.line === undefined)
    throw new UsageError("-C says how many lines to show around --line: name one.");
}
