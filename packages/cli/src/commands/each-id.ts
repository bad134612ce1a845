/** Commands that take ids: one id's failure does not keep the others from their turn. */
import { type Failure, failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Named } from "../ids.js";
import { failureLine } from "../sessions.js";

export interface Outcomes<Result> {
  /** What was done, and what failed, in the order of the ids. */
  readonly all: readonly (Result | Failure)[];
  readonly done: readonly Result[];
  readonly allWell: boolean;
}

export async function forEachId<Result>(
  { output, signal }: CommandContext,
  sessions: readonly Named[],
  work: (id: string) => Promise<Result>,
): Promise<Outcomes<Result>> {
  const all: (Result | Failure)[] = [];
  const done: Result[] = [];
  for (const { id, missing } of sessions) {
    throwIfAborted(signal);
    try {
      if (missing) throw missing;
      const result = await work(id);
      all.push(result);
      done.push(result);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      const failure = failureOf(id, error);
      all.push(failure);
      output.note(failureLine(failure));
    }
  }
  return { all, done, allWell: done.length === sessions.length };
}
