/** Commands that take ids: one id's failure does not keep the others from their turn. */
import { failureOf, hasCode, type SessionFailure, throwIfAborted } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Named } from "../ids.js";
import { failureLine } from "../sessions.js";

export interface Outcomes<Result> {
  /** What was done, and what failed, in the order of the ids. */
  readonly all: readonly (Result | SessionFailure)[];
  readonly done: readonly Result[];
  readonly allWell: boolean;
}

/** `together`: how many are worked on at a time; small changes that come together share what is written for them. */
export async function forEachId<Result>(
  { output, signal }: CommandContext,
  sessions: readonly Named[],
  work: (id: string) => Promise<Result>,
  together = 1,
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
  for (let at = 0; at < sessions.length; at += together) {
    for (const outcome of await Promise.all(sessions.slice(at, at + together).map(one))) {
      if ("result" in outcome) {
        all.push(outcome.result);
        done.push(outcome.result);
      } else {
        all.push(outcome.failure);
        output.note(failureLine(outcome.failure));
      }
    }
  }
  return { all, done, allWell: done.length === sessions.length };
}

/** For changes that cost little more than their records. */
export const MANY = 64;
