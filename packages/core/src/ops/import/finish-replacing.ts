/** Finishes what an import has begun that replaces the output, or takes it back. See ADR 0031. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { BlobRef, Meta, OpOptions } from "../../ports.js";
import { tryPut } from "../../session/commit.js";
import { rethrowUnlessChanged } from "../../session/damage.js";
import type { FileState } from "../../session/file-state.js";
import { withCount } from "../../session/line-count.js";
import { KEY, positiveAt, withKeys } from "../../session/metadata.js";
import { tellRevived } from "../../session/revived.js";
import type { Snapshot } from "../../session/snapshot.js";
import { fileNamed } from "../../session/snapshot-facts.js";
import { isPruned, isPurged } from "../../session/state.js";
import { asNotReplacing, asReplaced } from "../../session/transitions/replaced.js";
import { asWritten } from "../../session/transitions/written.js";
import { scanOutput } from "./scan.js";

/** The new output, if nothing but the commit is missing. */
function candidateIn(snapshot: Snapshot): BlobRef | undefined {
  const output = fileNamed(snapshot);
  const { meta } = snapshot.object;
  if (output?.kind !== "candidate" || (isPruned(meta) && !isPurged(meta))) return undefined;
  const isLive = ({ kind, ...state }: FileState): boolean =>
    kind === "live" || (kind === "continuation" && !("file" in state && state.file));
  const isWhole = snapshot.files.every((state) => state === output || state.kind === "restored" || isLive(state));
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
    if ((await tryPut(ctx, snapshot.object, next, op)) !== undefined && blob) tellRevived(ctx, id, meta);
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error;
    await rethrowUnlessChanged(ctx, snapshot, error);
  }
}

/** Counts the output, which only the import itself had done. */
async function replacedBy(ctx: Context, id: string, meta: Meta, blob: BlobRef, op: OpOptions): Promise<Meta> {
  const scan = scanOutput(ctx.now());
  for await (const chunk of ctx.blobs.read(blob, undefined, op)) scan.add(chunk);
  scan.end();
  const taken = isPurged(meta) ? asWritten(meta, ctx.now()) : asReplaced(id, meta, ctx.now());
  return withKeys(withCount(taken, scan), {
    [KEY.startedAt]: scan.oldest ?? positiveAt(meta, KEY.startedAt),
    [KEY.lastActivity]: scan.newest ?? positiveAt(meta, KEY.lastActivity),
  });
}
