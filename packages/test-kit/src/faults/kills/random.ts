/** The random decisions of a trial, the same for the same seed. */
import { below as numberBelow, seeded as numbersOf } from "../../random.js";

export interface Random {
  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

export function seeded(seed: number): Random {
  const next = numbersOf(seed);
  const below = (bound: number): number => numberBelow(next, bound);
  return {
    below,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error("There is nothing to pick from.");
      return items[below(items.length)] as T;
    },
    chance: (probability) => next() < probability,
  };
}
