/** Draws what is known of a session, above its conversation. */
import { agentName, isAgentId } from "@session-archiver/transcripts";
import { saidText, tokensText } from "../../output/facts-text.js";
import { formatSize } from "../../output/sizes.js";
import { count, printable } from "../../output/text.js";
import { formatTime, undoText } from "../../output/times.js";
import { cut, wrap } from "../../output/width.js";
import type { Subject } from "../subject.js";
import { oneLine, type View } from "./view.js";

const MOST_NAMED = 8;

export function headText(subject: Subject, view: View, full: boolean): string {
  const { info, facts, files, children, file } = subject;
  const { style, columns, measure } = view;
  const agent = facts.agent !== null && isAgentId(facts.agent) ? agentName(facts.agent) : facts.agent;
  const lines = [
    style("bold", oneLine(facts.title ?? "(no title)", columns, view)),
    ...dotted([agent, facts.project, facts.branch, ...facts.models], view),
    ...dotted([timesText(subject), messagesText(subject), tokensText(facts.tokens)], view),
    ...dotted([stateText(subject), formatSize(info.rawBytes)], view),
    style("dim", cut(printable(info.id), columns, measure)),
    ...named(
      "Files",
      files.map(({ name, bytes }) => `${name} (${formatSize(bytes)})`),
      full,
      view,
    ),
    ...named("Subagents", children, full, view),
    ...(facts.parentId === null ? [] : named("Belongs to", [facts.parentId], full, view)),
    ...(file === undefined ? [] : named("Shown", [file], full, view)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** What is known of it, between dots. */
function dotted(parts: readonly (string | null)[], view: View): readonly string[] {
  const known = parts.flatMap((part) => (part === null || part === "" ? [] : [oneLine(part, view.columns, view)]));
  return known.length === 0 ? [] : wrap(known.join(" · "), view.columns, view.measure);
}

function named(label: string, names: readonly string[], full: boolean, view: View): readonly string[] {
  const shown = full ? names : names.slice(0, MOST_NAMED);
  const more = names.length - shown.length;
  const lines = shown.map((name) => `  ${oneLine(name, view.columns - 2, view)}`);
  if (names.length === 0) return [];
  return [view.style("dim", label), ...lines, ...(more > 0 ? [view.style("dim", `  … ${more} more`)] : [])];
}

function timesText({ info: { startedAt, lastActivityMs } }: Subject): string {
  const [from, to] = [formatTime(startedAt), formatTime(lastActivityMs)];
  if (from === "-" || to === "-") return from === "-" ? (to === "-" ? "" : to) : from;
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} to ${to.slice(11)}` : `${from} to ${to}`;
}

function messagesText({ info, facts: { messages } }: Subject): string {
  const lines = count(info.lineCount, "line");
  return messages === null ? lines : `${saidText(messages)}, ${lines}`;
}

function stateText({ info }: Subject): string {
  const { state, pinned, archivedAt, prunedAt, forgottenAt, purgedAt, undoableUntil } = info;
  const since = state === "archived" || state === "mirrored" ? ` ${formatTime(archivedAt)}` : "";
  if (state !== "pruned") return `${state}${since}${pinned ? ", pinned" : ""}`;
  if (forgottenAt !== null) return `forgotten ${formatTime(forgottenAt)}`;
  const back = purgedAt === null ? undoText(undoableUntil) : "its bytes are gone for good";
  return `pruned ${formatTime(prunedAt)}, ${back}`;
}
