/** Numbers and times as people read them. */
import prettyBytes from "pretty-bytes";

const whole = new Intl.NumberFormat();
const tenth = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
// In the language of the page; figures and dates follow the reader's settings.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "24.8 MB": three digits, rounded, as the command line says it. With a limit of its own the package cuts instead. */
export function bytes(count: number): string {
  return prettyBytes(count, { locale: true });
}

export function number(count: number): string {
  return whole.format(count);
}

/** "1 session", "1,200 sessions". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** "5.1×": how many times smaller. `undefined` if there is nothing to compare. */
export function ratio(raw: number, total: number): string | undefined {
  return raw > 0 && total > 0 ? `${tenth.format(raw / total)}×` : undefined;
}

/** "3 days ago". */
export function age(ms: number, now: number): string {
  const past = now - ms;
  if (past < MINUTE_MS) return "just now";
  if (past < HOUR_MS) return relative.format(-Math.floor(past / MINUTE_MS), "minute");
  if (past < DAY_MS) return relative.format(-Math.floor(past / HOUR_MS), "hour");
  const days = Math.floor(past / DAY_MS);
  if (days < 45) return relative.format(-days, "day");
  if (days < 365) return relative.format(-Math.round(days / 30.4), "month");
  return relative.format(-Math.floor(days / 365), "year");
}

export function date(ms: number): string {
  return calendar.format(ms);
}

export function dateTime(ms: number): string {
  return exact.format(ms);
}
