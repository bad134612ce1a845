/** Which sessions Claude Code is running: by its notes, and by whether the processes are there that wrote them. */
import type { Files } from "../files.js";
import { anyOf, changedLately } from "../live/changed-lately.js";
import type { Processes } from "../live/processes.js";
import type { LiveCheck, LiveOptions, Place, Unit } from "../source.js";
import { type RunningNote, runningNotes } from "./session-notes.js";

/** Rejects if the notes can't be listed: then nothing shows what is live. */
export async function claudeCodeLive(
  { home }: Place,
  files: Files,
  processes: Processes,
  options: LiveOptions,
): Promise<LiveCheck> {
  const domain = await processes.domain();
  const running = new Map<string | undefined, string>();
  for (const note of await runningNotes(`${home}/sessions`, files, options)) {
    const reason = await whyLive(note, domain, processes, options);
    if (reason !== undefined) running.set(note.sessionId, reason);
  }
  return anyOf(changedLately(options), (unit) => running.get(sessionOf(unit)) ?? running.get(undefined));
}

/** A lone subagent is as live as its session. */
const sessionOf = ({ nativeId }: Unit): string => nativeId.split("/", 1)[0] ?? "";

async function whyLive(
  { pid, sessionId, procStart, pidDomain, aliveAt }: RunningNote,
  domain: string | undefined,
  processes: Processes,
  { now, idleMs }: LiveOptions,
): Promise<string | undefined> {
  const start = await processes.startOf(pid);
  const isGone = start === "gone" || (start !== "hidden" && procStart !== undefined && start !== procStart);
  const isNamed = sessionId !== undefined;
  if (isNamed && !isGone) return `Claude Code is running it (process ${pid})`;
  // The process id counts here, so no doubt is left.
  if (isNamed && pidDomain !== undefined && pidDomain === domain) return undefined;
  // It may run in a container or on another machine, or its note can't be read.
  return aliveAt > now - idleMs
    ? `Claude Code may be running it: process ${pid} can't be checked from here`
    : undefined;
}
