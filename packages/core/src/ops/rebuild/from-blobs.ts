/** A session whose output is in live blobs alone, which are still there, though nothing of it is in the sink. */
import type { Context } from "../../context.js";
import { crc32 } from "../../format/crc32.js";
import type { BlobRef, Meta, OpOptions } from "../../ports.js";
import { fileStates, RESTORED_PREFIX } from "../../session/file-state.js";
import { KEY, OUTPUT } from "../../session/metadata.js";
import { asRevived } from "../../session/transitions/written.js";
import { metaFromContent } from "./from-content.js";
import type { SessionHistory } from "./history.js";

/** `undefined` if the blobs are no output, or only copies of what was given up for good. */
export async function liveMeta(
  ctx: Context,
  id: string,
  { last, purged }: SessionHistory,
  blobs: readonly BlobRef[],
  op: OpOptions,
): Promise<Meta | undefined> {
  const output = fileStates(id, purged?.meta ?? {}, blobs).find(({ name }) => name === OUTPUT);
  if (last?.change === "removed" || !output || !("blob" in output)) return undefined;
  const { kind, blob } = output;
  const isLive = kind === "live" || (purged?.meta && (await isImported(ctx, purged.meta, blob, op)));
  if (!isLive) return undefined;
  if (purged?.meta) return asRevived(purged.meta);
  return metaFromContent(ctx, id, ctx.blobs.read(blob, undefined, op), ctx.now());
}

/** Output that was imported since the purge looks like a late copy of what was purged, but for its bytes. */
async function isImported(ctx: Context, purged: Meta, blob: BlobRef, op: OpOptions): Promise<boolean> {
  if (!blob.generation.startsWith(RESTORED_PREFIX)) return false;
  let crc = 0;
  for await (const chunk of ctx.blobs.read(blob, undefined, op)) crc = crc32(chunk, crc);
  return crc !== purged[KEY.prunedCrc32];
}
