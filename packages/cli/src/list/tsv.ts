/** Lists sessions for fzf, cut and awk: one line each, values between tabs, the full id first. */
import type { ListedSession } from "../documents.js";
import { printable } from "../output/text.js";
import { stateWord } from "../select/states.js";
import type { Units } from "./units.js";

type Value = string | number | null;

const COLUMNS: Readonly<Record<string, (session: ListedSession) => Value>> = {
  id: ({ id }) => id,
  shortId: ({ shortId }) => shortId,
  state: stateWord,
  lastActivity: ({ lastActivityMs }) => timeText(lastActivityMs),
  agent: ({ agent }) => agent,
  project: ({ project }) => project,
  branch: ({ branch }) => branch,
  messages: ({ messages }) => messages && messages.user + messages.assistant,
  rawBytes: ({ rawBytes }) => rawBytes,
  title: ({ title }) => title,
  started: ({ startedAt }) => timeText(startedAt),
  cwd: ({ cwd }) => cwd,
  models: ({ models }) => models.join(","),
  children: ({ children }) => children,
  parentId: ({ parentId }) => parentId,
  totalBytes: ({ totalBytes }) => totalBytes,
  pinned: ({ pinned }) => (pinned ? "pinned" : ""),
};

const VALUES = Object.values(COLUMNS);

/** A line with the columns' names, then the sessions. Unknown values are empty. */
export async function* tsvText(units: Units): AsyncGenerator<string> {
  yield lineOf(Object.keys(COLUMNS));
  for await (const some of units) {
    const sessions = some.flatMap(({ session, children }) => [session, ...children]);
    yield sessions.map((session) => lineOf(VALUES.map((value) => value(session)))).join("");
  }
}

/** Tabs and line ends are controls, which are written as `\u{9}`. */
function lineOf(values: readonly Value[]): string {
  return `${values.map((value) => (value === null ? "" : printable(String(value)))).join("\t")}\n`;
}

function timeText(unixMs: number | null): string | null {
  const time = new Date(unixMs ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
