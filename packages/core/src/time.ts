/** Reads times in the forms that programs write. */
const FIRST = Date.UTC(2000, 0, 1);
const END = Date.UTC(2200, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
/** For seconds, milli-, micro- and nanoseconds: places to move the decimal point to get milliseconds. */
const MOVES = [3, 0, -3, -6];

/**
 * Whether something may have been written at this time: in the years 2000 to 2199, and at most a day after `now` if
 * given.
 */
export function isTime(unixMs: number, now: number = END): boolean {
  return unixMs >= FIRST && unixMs < END && unixMs <= now + DAY_MS;
}

/**
 * The time that a value stands for, as whole unix ms; `undefined` if it is not a time.
 *
 * - A number, or decimal digits as text: since 1970, in seconds, milli-, micro- or nanoseconds. The magnitude decides
 *   which: only one of them gives a time in the years 2000 to 2199.
 * - ISO 8601 in its extended form: `2026-01-31`, `2026-01-31T18:00`, `2026-01-31 18:00:05.123+02:00`. Without a zone it
 *   is UTC, whatever the machine's zone. `Date.parse` won't do here: it takes "step 3" for a day in March 2001.
 *
 * Times before 2000, after 2199, or more than a day after `now` (unix ms, if given) don't count: they are counters,
 * empty values, or come from broken clocks.
 */
export function timeOf(value: unknown, now?: number): number | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const text = String(value);
  // JavaScript prints a number with the digits it was written with, so moving the point in them rounds nothing.
  const time = ofDigits(text) ?? (typeof value === "string" ? ofIso(text) : undefined);
  return time !== undefined && isTime(time, now) ? time : undefined;
}

function ofDigits(text: string): number | undefined {
  const [, whole = "", fraction = ""] = /^(\d{9,19})(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction.padEnd(3, "0");
  return MOVES.map((move) => Number(digits.slice(0, whole.length + move))).find((time) => isTime(time));
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?)?$/i;

function ofIso(text: string): number | undefined {
  const [
    match,
    year,
    month,
    day,
    hour = 0,
    minute = 0,
    second = 0,
    fraction = "",
    ,
    sign,
    zoneHour = 0,
    zoneMinute = 0,
  ] = ISO.exec(text) ?? [];
  if (match === undefined) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date takes February 31 for March 3.
  if (new Date(midnight).toISOString().slice(0, 10) !== match.slice(0, 10)) return undefined;
  const ofDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + millis(fraction);
  const isClock = ofDay <= DAY_MS && Number(minute) < 60 && Number(second) < 60;
  if (!isClock || Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const ahead = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return midnight + ofDay - (sign === "-" ? -ahead : ahead);
}

function millis(fraction: string): number {
  return Number(fraction.padEnd(3, "0").slice(0, 3));
}
