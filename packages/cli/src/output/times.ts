/** Local time to the minute: `2026-01-13 19:33`; `-` for `null`. */
export function formatTime(unixMs: number | null): string {
  if (unixMs === null) return "-";
  const time = new Date(unixMs);
  if (Number.isNaN(time.getTime())) return "-";
  const pad = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${date} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** `can be undone until 2026-12-05 10:14`; without the time if it is unknown, or too large for a date. */
export function undoText(unixMs: number | null): string {
  const time = formatTime(unixMs);
  return time === "-" ? "can be undone" : `can be undone until ${time}`;
}
