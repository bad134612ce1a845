/** Measures, cuts and wraps text by the columns it takes on a terminal. Text must be printable already, and unstyled. */
import type { CliIo } from "../io.js";

/** Columns of a text of one line. */
export type Measure = (text: string) => number;

/**
 * Text whose width equals its length, and in which nothing can be hidden: nearly all there is. Latin, Greek and Cyrillic
 * letters, and the marks of such texts, as the `…` of a title that was cut, arrows, and the mark of unreadable text.
 */
const PLAIN =
  /^[ -~\u00a1-\u00ac\u00ae-\u024f\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203b\u2190-\u2193\ufffd]*$/;
const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 20;

export const isPlain = (text: string): boolean => PLAIN.test(text);

/** `$COLUMNS` if it is a number, else the terminal's columns, else 80. */
export function columnsOf(stream: object, env: CliIo["env"]): number {
  const asked = /^\d{1,5}$/.test(env["COLUMNS"] ?? "") ? Number(env["COLUMNS"]) : 0;
  const own = "columns" in stream && typeof stream.columns === "number" ? stream.columns : 0;
  return Math.max(asked || own || USUAL_COLUMNS, FEWEST_COLUMNS);
}

/** Measures any script. Loaded when needed: making its patterns costs more than most tables. */
export async function loadMeasure(): Promise<Measure> {
  const { default: stringWidth } = await import("string-width");
  return (text) => (isPlain(text) ? text.length : stringWidth(text));
}

const ELLIPSIS = "…";
/** Most characters that a column may show, with the marks above and below it. Beyond that, text is broken anywhere. */
const MOST_PER_COLUMN = 8;

/** The text, or as much of it as fits with a `…` behind. */
export function cut(text: string, columns: number, measure: Measure): string {
  const isLong = text.length > columns * MOST_PER_COLUMN;
  return !isLong && measure(text) <= columns ? text : `${beginning(text, columns - 1, measure)}${ELLIPSIS}`;
}

/** The text, or as much of its end as fits with a `…` before, as for paths. */
export function cutStart(text: string, columns: number, measure: Measure): string {
  const isLong = text.length > columns * MOST_PER_COLUMN;
  if (!isLong && measure(text) <= columns) return text;
  const tail = text.slice(-Math.max(columns, 1) * MOST_PER_COLUMN).replace(/^[\udc00-\udfff]/, "");
  let used = ELLIPSIS.length;
  let from = tail.length;
  for (const { segment, index } of [...characters.segment(tail)].reverse()) {
    used += measure(segment);
    if (used > columns) break;
    from = index;
  }
  return ELLIPSIS + tail.slice(from);
}

/**
 * Lines of at most this many columns, broken between words; a word that is longer is broken as well. Lines after the
 * first begin where the text of the first does, behind list marks and the like.
 */
export function wrap(line: string, columns: number, measure: Measure): readonly string[] {
  if (line.length <= columns && measure(line) <= columns) return [line];
  const lead = leadOf(line, columns);
  const indent = lead.replace(/[^> ]/g, " ");
  if (isPlain(line)) return wrapPlain(line, lead, indent, columns);
  const lines: string[] = [];
  let current = lead;
  let used = lead.length;
  const next = (): void => {
    lines.push(current.trimEnd());
    current = indent;
    used = indent.length;
  };
  for (const [, space = "", word = ""] of line.slice(lead.length).matchAll(/( *)([^ ]+)/g)) {
    const gap = used > lead.length ? space : "";
    const width = widthOfWord(word, columns, measure);
    if (used + gap.length + width <= columns) {
      current += gap + word;
      used += gap.length + width;
      continue;
    }
    // Scripts without spaces go on in the same line, a long path begins on a line of its own.
    if (width > word.length && used + gap.length + 2 <= columns) {
      current += gap;
      used += gap.length;
    } else if (used > lead.length) next();
    for (let rest = word; rest !== ""; ) {
      const part = beginning(rest, columns - used, measure) || (used > lead.length ? "" : rest.slice(0, 2));
      current += part;
      used += measure(part);
      rest = rest.slice(part.length);
      if (rest !== "") next();
    }
  }
  next();
  return lines;
}

/** The same for text whose width is its length, which is nearly all there is: many times as fast. */
function wrapPlain(line: string, lead: string, indent: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (let at = lead.length; at < line.length; ) {
    const before = lines.length === 0 ? lead : indent;
    let end = Math.min(line.length, at + columns - before.length);
    const space = end < line.length ? line.lastIndexOf(" ", end) : -1;
    if (space > at) end = space;
    lines.push((before + line.slice(at, end)).trimEnd());
    for (at = end; line[at] === " "; ) at++;
  }
  return lines.length > 0 ? lines : [lead.trimEnd()];
}

/** The spaces, list marks and quotation marks that a line begins with. */
function leadOf(line: string, columns: number): string {
  const lead = /^ *(?:(?:[-*+•>]|\d{1,3}[.)]) +)*/.exec(line)?.[0] ?? "";
  return lead.length > columns / 2 ? "" : lead;
}

function widthOfWord(word: string, columns: number, measure: Measure): number {
  return word.length > columns * MOST_PER_COLUMN ? word.length + 1 : measure(word);
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** As many whole characters as fit. Looks at no more than these. */
function beginning(text: string, columns: number, measure: Measure): string {
  const head = text.slice(0, Math.max(columns, 0) * MOST_PER_COLUMN);
  if (isPlain(head)) return head.slice(0, Math.max(columns, 0));
  let used = 0;
  let end = 0;
  for (const { segment, index } of characters.segment(head)) {
    used += measure(segment);
    if (used > columns) break;
    end = index + segment.length;
  }
  return withoutHalf(head.slice(0, end));
}

/** Without the first half of a character at the end. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
