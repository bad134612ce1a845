/** How many processes were killed, and in the middle of which work. */
import type { Note } from "./protocol.js";

export interface KillReport {
  readonly kills: number;
  /** How often all bytes were compared, and how many bytes that was. */
  readonly checks: number;
  readonly bytes: number;
  /** The work of the killed processes, and how often it was hit. */
  readonly during: Readonly<Record<string, number>>;
}

export interface KillCounter {
  killed(notes: readonly Note[]): void;
  checked(bytes: number): void;
  report(): KillReport;
}

export function killCounter(): KillCounter {
  const during = new Map<string, number>();
  let kills = 0;
  let checks = 0;
  let bytes = 0;
  return {
    killed(notes) {
      kills++;
      const work = workOf(notes.at(-1));
      during.set(work, (during.get(work) ?? 0) + 1);
    },
    checked(count) {
      checks++;
      bytes += count;
    },
    report: () => ({ kills, checks, bytes, during: Object.fromEntries([...during].sort(([, a], [, b]) => b - a)) }),
  };
}

/** `append`, `archive` and so on; ids left out. */
function workOf(last: Note | undefined): string {
  if (last === undefined) return "its start";
  if (last.note === "begin") return last.operation.kind;
  if (last.note === "at") return last.work.split(/[ :]/)[0] ?? "";
  return "a pause";
}
