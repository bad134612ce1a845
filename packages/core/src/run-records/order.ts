/** The order of run records, by what each says of the one before it. No clock is relied on. Pure. */
import type { RunRecord } from "./record.js";

/** A record as it lies in the sink. */
export interface FoundRecord {
  readonly key: string;
  /** `undefined` if it can't be read. */
  readonly record: RunRecord | undefined;
}

/** The same without its runs, which may be of many sessions. */
export interface RecordHead {
  readonly key: string;
  readonly record: Pick<RunRecord, "after" | "replaces"> | undefined;
}

/**
 * Oldest first. A record comes behind the one that it names as the newest known, or behind the one that has replaced
 * it. Of several with the same one before them, as copies of a store make, and of those that can't be read, the lesser
 * key comes first.
 */
export function inOrder<T extends RecordHead>(found: readonly T[]): readonly T[] {
  const byKey = new Map(found.map((one) => [one.key, one]));
  const replacedBy = new Map(found.flatMap((one) => (one.record?.replaces ?? []).map((key) => [key, one] as const)));
  const sorted = found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const ordered = new Set<T>();
  for (const one of sorted) {
    const before: T[] = [];
    for (let at: T | undefined = one; at && !ordered.has(at) && !before.includes(at); ) {
      before.push(at);
      const after: string | null = at.record?.after ?? null;
      at = after === null ? undefined : (byKey.get(after) ?? replacedBy.get(after));
    }
    for (const next of before.reverse()) ordered.add(next);
  }
  return [...ordered];
}
