/** The stats that a host's recorder keeps in the metadata, and how they continue after a restart. */
import type { Meta } from "../ports.js";
import type { SessionReader } from "../read/read.js";
import { type OutputCount, withCount } from "../session/line-count.js";
import { KEY, positiveAt, withKeys } from "../session/metadata.js";
import { type OutputCounter, outputCounter } from "../session/output-counter.js";

/** A running count of a session's output. */
export interface Stats {
  /** How often the output had been replaced: if that has changed, this counts another output. */
  readonly life: number;
  readonly counter: OutputCounter;
}

/**
 * The count of a session's output: taken from the metadata as far as it goes; the rest is read. `life`: see `Stats`.
 */
export async function loadStats(output: SessionReader, life: number): Promise<Stats> {
  const counter = outputCounter(output.counted);
  for await (const chunk of output.read({ start: counter.bytes })) counter.add(chunk);
  return { life, counter };
}

/** The metadata with the count, and the times (unix ms) of appended output. */
export function withStats(
  meta: Meta,
  stats: OutputCount & { readonly firstAt?: number | undefined; readonly lastAt?: number | undefined },
): Meta {
  const restoredAt = positiveAt(meta, KEY.restoredAt);
  return withKeys(withCount(meta, stats), {
    [KEY.startedAt]: positiveAt(meta, KEY.startedAt) ?? stats.firstAt,
    // New output ends a restored session's break from sweeps, even if a host then notes an earlier time for it.
    [KEY.restoredAt]: (stats.lastAt ?? 0) > (restoredAt ?? 0) ? null : restoredAt,
    [KEY.lastActivity]: Math.max(positiveAt(meta, KEY.lastActivity) ?? 0, stats.lastAt ?? 0) || undefined,
  });
}
