/** The steps of a session: which have a counted message, and how many tokens each has used. */
import type { Usage } from "./agent.js";

export interface Step {
  readonly id: string;
  /** Whether its message is counted already. */
  readonly isCounted: boolean;
  readonly usage: Usage | undefined;
}

export interface Steps {
  /** Whether to count the step's message: only the first time. */
  count(id: string): boolean;
  /** Sets the step's tokens, in place of those set before. */
  use(id: string, usage: Usage): void;
  /** Adds tokens that belong to no particular step. */
  add(usage: Usage): void;
  usage(): Usage | undefined;
  /** The steps mentioned last, in the order of their last mention. */
  last(count: number): readonly Step[];
}

/** How many steps are remembered. A step that returns after more than this many others counts as a new one. */
const MOST_STEPS = 10_000;

const each = (a: Usage, b: Usage, sign: 1 | -1): Usage => ({
  input: a.input + sign * b.input,
  output: a.output + sign * b.output,
  cacheRead: a.cacheRead + sign * b.cacheRead,
  cacheWrite: a.cacheWrite + sign * b.cacheWrite,
});

/** `from`: the state after an earlier part of the session. `total` includes the tokens of its last `steps`. */
export function stepCounter(from?: { readonly steps: readonly Step[]; readonly total: Usage | undefined }): Steps {
  /** In the order of their last mention. */
  const known = new Map((from?.steps ?? []).map((step) => [step.id, step]));
  let total = from?.total;

  const keep = (step: Step): void => {
    known.delete(step.id);
    known.set(step.id, step);
    if (known.size <= MOST_STEPS) return;
    for (const id of known.keys()) {
      known.delete(id);
      break;
    }
  };
  const add = (usage: Usage): void => {
    total = total ? each(total, usage, 1) : usage;
  };
  return {
    count(id) {
      const step = known.get(id);
      keep({ id, usage: step?.usage, isCounted: true });
      return step?.isCounted !== true;
    },
    use(id, usage) {
      const step = known.get(id);
      if (step?.usage && total) total = each(total, step.usage, -1);
      add(usage);
      keep({ id, usage, isCounted: step?.isCounted === true });
    },
    add,
    usage: () => total,
    last: (count) => [...known.values()].slice(-count),
  };
}
