/** Numbers that look random and are the same for the same seed. */
import { below as numberBelow, seeded } from "../random.js";

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** One of them; the first ones come far more often than the last, as words do in a text. */
  skewed<T>(items: readonly T[]): T;
  hex(digits: number): string;
}

export function seededRandom(seed: number): Random {
  const next = seeded(seed);
  const below = (limit: number): number => numberBelow(next, limit);
  return {
    next,
    below,
    skewed: (items) => items[Math.floor(next() ** 3.2 * items.length)] as (typeof items)[number],
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(""),
  };
}
