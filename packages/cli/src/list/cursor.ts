/** Where a list goes on after an earlier one. */

import type { Place, Sort, SortKey } from "../select/sort.js";
import { UsageError } from "../usage-error.js";

const VERSION = 1;

/** Letters, digits, `-` and `_` only. It holds while sessions come and go, also the one at this place. */
export function cursorAfter({ key, id }: Place, sort: Sort): string {
  return Buffer.from(JSON.stringify([VERSION, sort, key, id])).toString("base64url");
}

/** The place after which to go on. A usage error unless a list in the same order has given the cursor. */
export function placeAt(cursor: string, sort: Sort = "age"): Place {
  const [version, order, key, id] = valuesIn(cursor);
  if (version !== VERSION || typeof id !== "string" || !isKey(key))
    throw new UsageError("--cursor: no list has given this. Begin without it.");
  if (order !== sort) throw new UsageError(`--cursor: it is from a list with --sort ${order}, which must be the same.`);
  return { key, id };
}

function isKey(key: unknown): key is SortKey {
  return key === null || typeof key === "number" || typeof key === "string";
}

function valuesIn(cursor: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}
