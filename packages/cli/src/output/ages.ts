/** Ages, as short as they can be. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** From this age on a date says more. */
const OLD_MS = 10 * WEEK_MS;

/** `3m`, `5h`, `2d`, `6w`, or the local date; `-` for `null`. What lies ahead is `now`, as clocks differ. */
export function formatAge(unixMs: number | null, now: number): string {
  if (unixMs === null) return "-";
  const age = now - unixMs;
  return age < OLD_MS ? formatSpan(age) : formatDay(unixMs);
}

/** `now` for less than a minute. */
export function formatSpan(ms: number): string {
  if (ms < MINUTE_MS) return "now";
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)}h`;
  return ms < 2 * WEEK_MS ? `${Math.floor(ms / DAY_MS)}d` : `${Math.floor(ms / WEEK_MS)}w`;
}

function formatDay(unixMs: number): string {
  const time = new Date(unixMs);
  if (Number.isNaN(time.getTime())) return "-";
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
}
