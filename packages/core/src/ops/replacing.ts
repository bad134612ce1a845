/** Finishes what an import has begun that replaces the output, or takes it back. See ADR 0031. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import { withCount } from "../line-count.js";
import { KEY, positiveAt, withKeys } from "../metadata.js";
import type { BlobRef, Meta, OpOptions } from "../ports.js";
import { isPruned } from "../session.js";
import { asNotReplacing, asReplaced } from "../transitions.js";
import { checkLostRace } from "./damage.js";
import { scanOutput } from "./import/scan.js";
import { partNamed, type Snapshot, tryPut } from "./snapshot.js";

/** The new output, if nothing but the commit is missing. */
export function candidateIn(snapshot: Snapshot): BlobRef | undefined {
  const output = partNamed(snapshot);
  if (output?.kind !== "candidate" || isPruned(snapshot.object.meta)) return undefined;
  const isWhole = snapshot.parts.every(
    (part) => part === output || part.kind === "restored" || (part.kind === "tail" && !part.file),
  );
  return isWhole ? output.blob : undefined;
}

/**
 * Of a session with the intent in it: commits if the new output is there, which is then whole; takes the intent back if it is
 * not. Either is one swap against what was seen: so the other can't happen as well, and only then does the blob count for
 * something, or become a stray.
 */
export async function finishReplacing(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<void> {
  const { id, meta } = snapshot.object;
  const blob = candidateIn(snapshot);
  try {
    const next = blob ? await replacedBy(ctx, id, meta, blob, op) : asNotReplacing(meta);
    await tryPut(ctx, snapshot.object, next, op);
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error;
    await checkLostRace(ctx, snapshot, error);
  }
}

/** Counts the output, which only the import itself had done. */
async function replacedBy(ctx: Context, id: string, meta: Meta, blob: BlobRef, op: OpOptions): Promise<Meta> {
  const scan = scanOutput(ctx.now());
  for await (const chunk of ctx.blobs.read(blob, undefined, op)) scan.add(chunk);
  scan.end();
  return withKeys(withCount(asReplaced(id, meta, ctx.now()), scan), {
    [KEY.startedAt]: scan.oldest ?? positiveAt(meta, KEY.startedAt),
    [KEY.lastActivity]: scan.newest ?? positiveAt(meta, KEY.lastActivity),
  });
}
