/** Hits for people: a head for each session, then a line for each hit. All text of a session is made printable here. */
import { type ContextLine, factsOf, type Hit, type Snippet } from "@session-archiver/search";
import type { Style } from "../output/style.js";
import { printable } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { cut, type Measure } from "../output/width.js";

export interface HitLook {
  readonly style: Style;
  /** For heads; `Infinity` where nobody reads them on a terminal. */
  readonly columns: number;
  readonly measure: Measure;
}

const GAP = "  ";

/** One line: `claude-code:0b2c1f3e-…  app  2026-01-05 12:48  fix the parser`. The agent is part of most ids. */
export function headText({ session }: Hit, { style, columns, measure }: HitLook): string {
  const { project, title } = factsOf(session);
  const [id, where, when] = [printable(session.id), printable(project ?? "-"), formatTime(session.lastActivityMs)];
  const room = columns - measure([id, where, when, ""].join(GAP));
  const name = room > 0 ? cut(oneLine(title ?? ""), room, measure) : "";
  return [style(["bold", "yellow"], id), where, when, style("bold", name)].join(GAP).trimEnd();
}

const LINE_WIDTH = 6;
const ROLE_WIDTH = 9;
const TIME_WIDTH = 16;
/** Columns before the text of a hit, which may be cut on both sides. */
export const PLACE_COLUMNS: number = LINE_WIDTH + 2 + ROLE_WIDTH + 1 + TIME_WIDTH + 2 + 2;
const OUTPUT = "output";

/** Marked with `:`, as grep does. */
export function hitLine(hit: Hit, { style }: HitLook): string {
  const file = hit.file === OUTPUT ? "" : `${style("magenta", printable(hit.file))}  `;
  const when = style("dim", formatTime(hit.time));
  const what = snippetText(hit.snippet, style);
  return `${placeText(hit.line, ":", style)} ${hit.role.padEnd(ROLE_WIDTH)} ${when}  ${file}${what}`.trimEnd();
}

/** Marked with `-`. */
export function besideLine({ line, role, text, isCut }: ContextLine, { style }: HitLook): string {
  const words = style("dim", oneLine(text) + (isCut ? "…" : ""));
  return `${placeText(line, "-", style)} ${role.padEnd(ROLE_WIDTH)} ${words}`.trimEnd();
}

function placeText(line: number, mark: string, style: Style): string {
  return style("green", String(line).padStart(LINE_WIDTH)) + mark;
}

function snippetText({ text, matches, isCutBefore, isCutAfter }: Snippet, style: Style): string {
  let shown = isCutBefore ? "…" : "";
  let at = 0;
  for (const [start, end] of matches) {
    shown += oneLine(text.slice(at, start)) + style(["bold", "red"], oneLine(text.slice(start, end)));
    at = end;
  }
  return shown + oneLine(text.slice(at)) + (isCutAfter ? "…" : "");
}

/** White space of any kind and length is one space. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " "));
}
