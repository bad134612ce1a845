/** The steps of a session: whose message is counted already, and how many tokens each has used. */
import type { Usage } from "./agent.js";

export interface Step {
  readonly id: string;
  /** Whether its message is among those counted. */
  readonly isCounted: boolean;
  readonly usage: Usage | undefined;
}

export interface Steps {
  /** Whether the step's message is to be counted: the first time it is. */
  count(id: string): boolean;
  /** The step's tokens as they are told last take the place of those told before. */
  use(id: string, usage: Usage): void;
  /** Tokens of no step in particular. */
  add(usage: Usage): void;
  usage(): Usage | undefined;
  /** Those met last, in the order of their last mention. */
  last(count: number): readonly Step[];
}

/** What is kept of steps stays small: one that comes again later than this many others is taken for another. */
const MOST_STEPS = 10_000;

const each = (a: Usage, b: Usage, sign: 1 | -1): Usage => ({
  input: a.input + sign * b.input,
  output: a.output + sign * b.output,
  cacheRead: a.cacheRead + sign * b.cacheRead,
  cacheWrite: a.cacheWrite + sign * b.cacheWrite,
});

/** `from`: what an earlier part of the session came to, `total` with the tokens of its last `steps`. */
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
