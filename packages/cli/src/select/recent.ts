/** Remembers what was noted last, in memory that does not grow. */

export interface Recent<Value> {
  get(key: string): Value | undefined;
  has(key: string): boolean;
  set(key: string, value: Value): void;
  delete(key: string): boolean;
}

/**
 * Remembers at least the `most` keys that were set last, and at most twice as many. They are dropped by the thousands: dropping
 * the oldest key of a map one by one takes longer with each.
 */
export function recent<Value>(most: number): Recent<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    has: (key) => young.has(key) || old.has(key),
    set(key, value) {
      young.set(key, value);
      if (young.size < most) return;
      old = young;
      young = new Map();
    },
    delete(key) {
      const isYoung = young.delete(key);
      return old.delete(key) || isYoung;
    },
  };
}
