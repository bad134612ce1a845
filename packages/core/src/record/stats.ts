/** The stats a host keeps in the metadata as output arrives, and how they go on after a restart. */
import { lineCounter } from "../jsonl.js";
import type { Meta } from "../ports.js";
import type { SessionReader } from "../read/read.js";
import { type OutputCount, withCount } from "../session/line-count.js";
import { KEY, positiveAt, withKeys } from "../session/metadata.js";

/** A running count of a session's output. */
export interface Stats {
  /** How often the output had been replaced: after another time, this is the count of something else. */
  readonly life: number;
  add(bytes: Uint8Array): void;
  count(): OutputCount;
}

/** The count of a session's output: from the metadata as far as that goes, the rest by reading. `life`: see `Stats`. */
export async function loadStats(output: SessionReader, life: number): Promise<Stats> {
  const lines = lineCounter(output.counted);
  let bytes = output.counted?.bytes ?? 0;
  const add = (chunk: Uint8Array): void => {
    lines.add(chunk);
    bytes += chunk.length;
  };
  for await (const chunk of output.read({ start: bytes })) add(chunk);
  return {
    life,
    add,
    count: () => ({ bytes, lines: lines.lines, newlines: lines.newlines, openLine: lines.openLine }),
  };
}

/** The metadata with the count in it, and the times (unix ms) of output that was appended. */
export function withStats(
  meta: Meta,
  stats: OutputCount & { readonly firstAt?: number | undefined; readonly lastAt?: number | undefined },
): Meta {
  const restoredAt = positiveAt(meta, KEY.restoredAt);
  return withKeys(withCount(meta, stats), {
    [KEY.startedAt]: positiveAt(meta, KEY.startedAt) ?? stats.firstAt,
    // New output ends the rest of a restored session, also if a host then says that it is of an earlier time.
    [KEY.restoredAt]: (stats.lastAt ?? 0) > (restoredAt ?? 0) ? null : restoredAt,
    [KEY.lastActivity]: Math.max(positiveAt(meta, KEY.lastActivity) ?? 0, stats.lastAt ?? 0) || undefined,
  });
}
