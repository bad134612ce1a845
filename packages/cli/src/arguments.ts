/** Checks the words that people type before anything is opened. Words that can't be right are a usage error. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { Sample } from "@session-archiver/core";
import { InvalidArgumentError } from "commander";
import { parseSize } from "./output/sizes.js";

export function sizeArgument(text: string): number {
  const bytes = parseSize(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError("Write a size as 500MB (10^6 bytes), 2GiB (2^30), 0 or 1048576.");
}

export function daysArgument(text: string): number {
  const days = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(days)) return days;
  throw new InvalidArgumentError("Write a number of days of at least 0, such as 7 or 0.5.");
}

export function countArgument(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("Write a whole number of at least 0.");
}

export function positiveArgument(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Write a whole number of at least 1.");
}

/** How many of all: `20` or `5%`. */
export function sampleArgument(text: string): Sample {
  const [, number, share] = /^(?:(\d+)|(\d+(?:\.\d+)?)%)$/.exec(text) ?? [];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return `${Number(share)}%`;
  const count = Number(number);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Write a number of sessions from 1 on, or a share such as 5%.");
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS, w: 7 * DAY_MS };

/**
 * Unix ms from `2026-01-31`, `2026-01-31T18:00` (local time, unless it ends in `Z` or `+02:00`), or `90m`, `12h`, `3d`,
 * `2w` ago.
 */
export function timeArgument(text: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text) ?? [];
  const ago = count === undefined ? Number.NaN : Date.now() - Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isFinite(ago)) return ago;
  const [, date = "", clock = "00:00", zone = ""] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const time = isDay(date) ? Date.parse(`${date}T${clock}${zone}`) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new InvalidArgumentError("Write a time as 2026-01-31, 2026-01-31T18:00, 90m, 12h, 3d or 2w (ago).");
}

/** The same for the end of a period: a day means its last moment. */
export function endArgument(text: string): number {
  const start = new Date(timeArgument(text));
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return start.getTime();
  // Days on which clocks change are shorter or longer.
  return new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1).getTime() - 1;
}

/** Whether the day exists: Date takes February 31 for March 3. */
function isDay(date: string): boolean {
  const time = new Date(`${date}T00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}

/** Lines `[from, to)` counted from 0, from `A:B`, `A:`, `:B` or `N`, which count from 1 and include both ends. */
export function linesArgument(text: string): { readonly from: number; readonly to: number | undefined } {
  const [, first, last] = /^(?=.*\d)(\d*):(\d*)$/.exec(text) ?? /^(\d+)$/.exec(text) ?? [];
  const only = first !== undefined && last === undefined;
  const from = first === "" ? 1 : Number(first);
  const to = only ? from : last === "" ? undefined : Number(last);
  if (Number.isSafeInteger(from) && from >= 1 && (to === undefined || (Number.isSafeInteger(to) && to >= from))) {
    return { from: from - 1, to };
  }
  throw new InvalidArgumentError("Write lines as 10:20, 10:, :20 or 10: the first line is 1, both ends are included.");
}

export function pathArgument(text: string): string {
  if (text !== "" && !text.includes("\0")) return text;
  throw new InvalidArgumentError("Name a path.");
}

/** An absolute path. `~` is the user's home, which no shell fills in after `sqlite:`. */
export function absolutePath(path: string, cwd: string): string {
  return resolve(cwd, path.replace(/^~(?=$|[/\\])/, homedir));
}

/**
 * Moves ids behind a `--`. Ids of Claude Code's sessions begin with "-" (`-Users-me-project/…`), which looks like
 * flags; but no flag of this program holds a slash. `takesValue`: the flags whose next word is their value.
 */
export function withIdsLast(words: readonly string[], takesValue: ReadonlySet<string>): readonly string[] {
  const plain: string[] = [];
  const ids: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") {
      ids.push(...words.slice(i + 1));
      break;
    }
    if (/^-[^-].*\//s.test(word)) ids.push(word);
    else plain.push(word);
    const value = words[i + 1];
    if (takesValue.has(word) && value !== undefined) {
      plain.push(value);
      i++;
    }
  }
  return ids.length > 0 ? [...plain, "--", ...ids] : plain;
}
