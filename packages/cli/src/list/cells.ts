/** What the columns of a list for people say of a session. */
import type { ListedSession } from "../documents.js";
import { formatAge, formatSpan } from "../output/ages.js";
import { formatSize } from "../output/sizes.js";
import { formatTime, undoText } from "../output/times.js";
import { stateWord } from "../select/states.js";

export interface ListColumn {
  readonly title: string;
  readonly alignment?: "right";
  /** Columns beyond which text is cut where lines must fit; without it, it is never cut. */
  readonly most?: number;
  cell(session: ListedSession, now: number): string;
}

const AGENT: ListColumn = { title: "AGENT", cell: ({ agent }) => agent ?? "-" };
const BRANCH: ListColumn = { title: "BRANCH", most: 16, cell: ({ branch }) => branch ?? "-" };
const MESSAGES: ListColumn = { title: "MSGS", alignment: "right", cell: messagesText };
const SIZE: ListColumn = { title: "SIZE", alignment: "right", cell: ({ rawBytes }) => formatSize(rawBytes) };
export const TITLE: ListColumn = { title: "TITLE", cell: ({ title }) => title ?? "-" };
const PROJECT: ListColumn = { title: "PROJECT", most: 20, cell: ({ project }) => project ?? "-" };

export const NARROW: readonly ListColumn[] = [
  { title: "STATE", cell: shortState },
  { title: "AGE", alignment: "right", cell: ({ lastActivityMs }, now) => formatAge(lastActivityMs, now) },
  AGENT,
  PROJECT,
  BRANCH,
  MESSAGES,
  SIZE,
  TITLE,
  { title: "ID", cell: ({ shortId }) => shortId },
];

/** These get narrower before a title has no room left, the first one first. */
export const NARROWED: readonly ListColumn[] = [BRANCH, PROJECT];

/** These give way before a title has no room left, the first one first. */
export const DISPENSABLE: readonly ListColumn[] = [BRANCH, SIZE, AGENT];

export const WIDE: readonly ListColumn[] = [
  { title: "STATE", cell: wholeState },
  { title: "STARTED", cell: ({ startedAt }) => formatTime(startedAt) },
  { title: "LAST ACTIVITY", cell: ({ lastActivityMs }) => formatTime(lastActivityMs) },
  { title: "ARCHIVED", cell: ({ archivedAt }) => formatTime(archivedAt) },
  AGENT,
  { title: "FOLDER", cell: ({ cwd }) => cwd ?? "-" },
  BRANCH,
  { title: "MODELS", cell: ({ models }) => models.join(",") || "-" },
  MESSAGES,
  { title: "LINES", alignment: "right", cell: ({ lineCount }) => String(lineCount) },
  SIZE,
  { title: "TOTAL", alignment: "right", cell: ({ totalBytes }) => formatSize(totalBytes) },
  TITLE,
  { title: "ID", cell: ({ id }) => id },
];

/** `+3`: its agent called three others. */
function messagesText({ messages, children }: ListedSession): string {
  const count = messages ? String(messages.user + messages.assistant) : "-";
  return children > 0 ? `${count}+${children}` : count;
}

/** `archived*`: pinned. `pruned 6d`: can be undone for six days more. */
function shortState(session: ListedSession, now: number): string {
  const { state, pinned, archivedAt, undoableUntil } = session;
  const canUndo = state === "pruned" && archivedAt !== null && undoableUntil !== null && undoableUntil > now;
  return `${stateWord(session)}${canUndo ? ` ${formatSpan(undoableUntil - now)}` : ""}${pinned ? "*" : ""}`;
}

/** With the time until which a prune can be undone, if the bytes are still there. */
function wholeState(session: ListedSession): string {
  const { state, pinned, archivedAt, undoableUntil } = session;
  const undo = state === "pruned" && archivedAt !== null ? [undoText(undoableUntil)] : [];
  return [stateWord(session), ...(pinned ? ["pinned"] : []), ...undo].join(", ");
}
