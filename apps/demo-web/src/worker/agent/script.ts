/** What the simulated agent does: small tasks of the kind that people give to agents. */
import { CODING_TASKS } from "./coding-tasks.ts";
import { OTHER_TASKS } from "./other-tasks.ts";
import type { Step } from "./steps.ts";

export const TASKS: readonly (readonly Step[])[] = [...CODING_TASKS, ...OTHER_TASKS];

/** An endless sequence of the tasks' steps, beginning with the task at this index. */
export function* endlessSteps(first: number): Generator<Step> {
  for (let at = first; ; at++) yield* TASKS[at % TASKS.length] ?? [];
}
