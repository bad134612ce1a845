/** Random histories, each made by its seed. */
import { below, oneOf, type Random, seeded } from "../support/random.js";
import type { Scope, Step, StepMakers } from "./step.js";

export interface HistoryOptions {
  readonly makers: StepMakers;
  readonly steps: number;
  /** Sizes that are tried with their neighbours. */
  readonly sizes: readonly number[];
  /** Steps that come last, in this order: they look at everything that is stored. */
  readonly last: (ids: readonly string[]) => readonly Step[];
}

/** Similar in some way: by their beginning, case, Unicode form, or as file names. */
const IDS = ["a", "ab", "A", "\0", "é", "e\u0301", "\ufeffa", "con", "..", "a/b", "語".repeat(400)];
const NAMES = ["output", "Output", "side\0car", "a/b.jsonl", "x".repeat(300)];

/** Most are small, so that many fit into a history. */
const SMALL = 600;
const LARGE = 70_000;

export function historyOf(seed: number, { makers, steps, sizes, last }: HistoryOptions): readonly Step[] {
  const random = seeded(Math.imul(seed, 0x9e3779b1));
  const scope = scopeOf(random, sizes);
  const often = makers.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  const history = Array.from({ length: steps }, (_, number) =>
    often[below(random, often.length)]?.(random, scope, number),
  );
  return [...history.filter((step) => step !== undefined), ...last(scope.ids)];
}

function scopeOf(random: Random, sizes: readonly number[]): Scope {
  const boundaries = sizes.flatMap((size) => [size - 1, size, size + 1]).filter((size) => size >= 0);
  return {
    ids: [drawn(random, IDS), drawn(random, IDS)],
    names: [drawn(random, NAMES), drawn(random, NAMES)],
    size(size) {
      const kind = below(size, 5);
      if (kind < 3) return below(size, SMALL);
      if (kind === 3) return below(size, LARGE);
      return boundaries[below(size, boundaries.length)] ?? 0;
    },
  };
}

function drawn(random: Random, items: readonly string[]): string {
  return oneOf(random, items as readonly [string, ...string[]]);
}
