/** Counts output that its writer has had no time to count. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import { lineCounter } from "../jsonl.js";
import type { Meta, OpOptions } from "../ports.js";
import { openFile } from "../read/read.js";
import { updateMeta } from "../session/commit.js";
import { countIn, withCount } from "../session/line-count.js";
import { getObject } from "../session/snapshot.js";

export interface SettleOptions extends OpOptions {
  /** Also counts output that its writer had no time to count: after a recorder's process has died. */
  readonly recount?: boolean | undefined;
}

/** Reads what the count lacks, and notes it, unless another writer has counted more by then. */
export async function recount(ctx: Context, id: string, op: OpOptions): Promise<void> {
  const counted = (meta: Meta): number => countIn(meta)?.bytes ?? -1;
  try {
    const { meta } = await getObject(ctx, id, op);
    const file = await openFile(ctx, id, op);
    const known = countIn(meta);
    if (known?.bytes === file.size) return;
    const from = known && known.bytes < file.size ? known : undefined;
    const counter = lineCounter(from);
    for await (const chunk of file.read({ start: from?.bytes ?? 0 })) counter.add(chunk);
    const { lines, newlines, openLine } = counter;
    const count = { bytes: file.size, lines, newlines, openLine };
    const isWrong = (now: Meta): boolean => counted(now) < file.size || counted(now) === known?.bytes;
    await updateMeta(ctx, id, (now) => (isWrong(now) ? withCount(now, count) : now), op);
  } catch (error) {
    // Of a pruned session there is nothing to count; of one that was removed nothing at all.
    if (!hasCode(error, "PRUNED", "NOT_FOUND")) throw error;
  }
}
