/** For commands that take ids: one id's failure does not stop the others. */
import { failureOf, hasCode, type SessionFailure, throwIfAborted } from "@session-archiver/core";
import { ALONE, atOnce } from "../at-once.js";
import type { CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import type { Named } from "../ids.js";

export interface Outcomes<Result> {
  /** Results and failures, in the order of the ids. */
  readonly all: readonly (Result | SessionFailure)[];
  readonly done: readonly Result[];
  readonly allWell: boolean;
}

/**
 * `weigh`: bytes that a session takes up, so that many small ones are worked on at once; without it, one after the other.
 */
export async function forEachId<Result>(
  { output, signal }: CommandContext,
  sessions: readonly Named[],
  work: (id: string) => Promise<Result>,
  weigh?: (id: string) => number,
): Promise<Outcomes<Result>> {
  const all: (Result | SessionFailure)[] = [];
  const done: Result[] = [];
  const one = async ({
    id,
    missing,
  }: Named): Promise<{ readonly result: Result } | { readonly failure: SessionFailure }> => {
    throwIfAborted(signal);
    try {
      if (missing) throw missing;
      return { result: await work(id) };
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      return { failure: failureOf(id, error) };
    }
  };
  const seen = new Set<string>();
  await atOnce<Named, Awaited<ReturnType<typeof one>>>(sessions, {
    signal,
    many: weigh !== undefined,
    weigh({ id }) {
      const bytes = seen.has(id) ? ALONE : (weigh?.(id) ?? 0);
      seen.add(id);
      return bytes;
    },
    work: one,
    done(_, outcome) {
      if ("result" in outcome) {
        all.push(outcome.result);
        done.push(outcome.result);
      } else {
        all.push(outcome.failure);
        output.note(failureLine(outcome.failure));
      }
    },
  });
  return { all, done, allWell: done.length === sessions.length };
}

/** For changes that cost little more than their records. */
export const WEIGHS_NOTHING = (): number => 0;
