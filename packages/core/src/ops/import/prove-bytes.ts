/** Compares bytes that an import has taken on trust with their source: see ADR 0032. */
import { isSame } from "../../bytes.js";
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { openFile } from "../../read/read.js";
import { countAt, KEY } from "../../session/metadata.js";
import { checkRanges } from "./check-source.js";
import { feedOf } from "./feed.js";
import type { ImportSource, OpenSource } from "./import-types.js";

/**
 * How many of the session's first bytes were now compared with its source; `undefined` if all were compared before, or
 * the source is gone. `CONFLICT` if they differ.
 */
export async function proveBytes(ctx: Context, { id, meta }: StoredObject, op: OpOptions): Promise<number | undefined> {
  const unproven = countAt(meta, KEY.unproven);
  if (unproven === undefined || !ctx.openSource) return undefined;
  const source = await openedSource(ctx.openSource, id, meta, op);
  if (!source) return undefined;
  const rewritten = new ArchiverError(
    "CONFLICT",
    `The source of session "${id}" was rewritten since its first ${unproven} bytes were imported: import it again.`,
    { id },
  );
  if (source.size < unproven) throw rewritten;
  const reader = feedOf(id, source).open(0);
  try {
    const file = await openFile(ctx, id, op);
    for await (const held of file.read({ start: 0, end: unproven })) {
      if (!isSame(await reader.take(held.length), held)) throw rewritten;
    }
  } finally {
    await reader.close();
  }
  return unproven;
}

/** The source as the host's hook opens it; `undefined` if it is gone. */
export async function openedSource(
  openSource: OpenSource,
  id: string,
  meta: StoredObject["meta"],
  op: OpOptions,
): Promise<ImportSource | undefined> {
  try {
    const source = await openSource(id, meta, op);
    if (source !== undefined) checkRanges(source, "openSource");
    return source;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}
