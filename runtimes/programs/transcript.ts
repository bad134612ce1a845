/** The session that the programs work on: the same in every runtime, of several segments, not all of it ASCII. */
export const ID = "project ü/s1";

const lineOf = (n: number): string => {
  const text = `${"word ".repeat(n % 60)}${(n * 7919) % 9973} ü\u{1f600}\\u0000`;
  const timestamp = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  return `${JSON.stringify({ type: n % 2 === 0 ? "user" : "assistant", timestamp, message: { content: text } })}\n`;
};
const linesOf = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => lineOf(from + n)).join("");

/** 2.4 MB. */
export const before: string = linesOf(0, 10_000);
/** What comes after the first archive, and does not end with a line. */
export const after: string = `${linesOf(10_000, 10_100)}{"unfinished":`;
