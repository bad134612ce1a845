/** Counts output that its writer did not count before it died. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { Meta, OpOptions } from "../ports.js";
import { openFile } from "../read/read.js";
import { updateMeta } from "../session/commit.js";
import { countIn, withCount } from "../session/line-count.js";
import { outputCounter } from "../session/output-counter.js";
import { getObject } from "../session/snapshot.js";

export interface SettleOptions extends OpOptions {
  /** Also counts output that its writer had no time to count, for instance after a recorder's process has died. */
  readonly recount?: boolean | undefined;
}

/** Reads the uncounted output and notes its count, unless another writer has counted more by then. */
export async function recount(ctx: Context, id: string, op: OpOptions): Promise<void> {
  const counted = (meta: Meta): number => countIn(meta)?.bytes ?? -1;
  try {
    const { meta } = await getObject(ctx, id, op);
    const file = await openFile(ctx, id, op);
    const known = countIn(meta);
    if (known?.bytes === file.size) return;
    const from = known && known.bytes < file.size ? known : undefined;
    const counter = outputCounter(from);
    for await (const chunk of file.read({ start: counter.bytes })) counter.add(chunk);
    const isWrong = (now: Meta): boolean => counted(now) < file.size || counted(now) === known?.bytes;
    await updateMeta(ctx, id, (now) => (isWrong(now) ? withCount(now, counter) : now), op);
  } catch (error) {
    // A pruned session has nothing to count, a removed one does not exist.
    if (!hasCode(error, "PRUNED", "NOT_FOUND")) throw error;
  }
}
