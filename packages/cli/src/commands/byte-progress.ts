/** Shows the bytes of the sessions that an operation works on, one after another or several at a time. */
import { hasCode, type SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Progress } from "../output/progress.js";

/**
 * Runs `work` while the archiver's events move a bar. Its total is the expected bytes of all these sessions. Takes each out of
 * `expected` when it is done.
 */
export function withByteProgress<T>(
  context: CommandContext,
  label: string,
  expected: Map<string, number>,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const total = [...expected.values()].reduce((sum, bytes) => sum + bytes, 0);
  // A resumed session is archived before it is restored: that doesn't count.
  const counted = label === "restore" ? label : "archive";
  return context.output.withProgress({ label, total, unit: "bytes" }, (progress) => {
    const done = tally(expected);
    context.listen((event) => {
      if (event.type === "progress") {
        if (event.operation === counted) progress.update(done(event.id, event.bytes / event.totalBytes), event.id);
      } else if (event.type === "archived" || event.type === "restored") {
        if (event.type === `${counted}d`) progress.update(done(event.id, 1), event.id);
        progress.finished(`${event.type} ${event.id}`);
      }
    });
    return work(progress);
  });
}

/**
 * Adds up the progress of all sessions. A session counts for its expected bytes, however it has grown since, and never
 * for less than before, even if an operation that lost a race starts again. So the sum neither goes back nor exceeds
 * the total. Takes each session out of `expected` when it is done, so that many thousands are not held to the end.
 */
export function tally(expected: Map<string, number>): (id: string, part: number) => number {
  const shares = new Map<string, number>();
  let sum = 0;
  return (id, part) => {
    const whole = expected.get(id) ?? 0;
    const before = shares.get(id) ?? 0;
    const now = Math.max(before, Math.min(whole, Math.floor(whole * part) || 0));
    sum += now - before;
    if (now < whole) shares.set(id, now);
    else {
      shares.delete(id);
      expected.delete(id);
    }
    return sum;
  };
}

/**
 * The result of `measure` for each of these sessions. A session that can't be looked at is left out: it fails when its
 * turn comes.
 */
export async function bytesOfEach(
  { archiver, signal }: CommandContext,
  ids: Iterable<string>,
  measure: (info: SessionInfo) => number,
): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  for (const id of new Set(ids)) {
    try {
      bytes.set(id, measure(await archiver.info(id, { signal })));
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
    }
  }
  return bytes;
}
