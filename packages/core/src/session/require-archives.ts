/** The last look before live bytes are deleted because an archive is said to hold them. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import type { OpOptions } from "../ports.js";
import type { Snapshot } from "./snapshot.js";

/** `NOT_FOUND` if the archive of a leftover or stray blob is not there, or not of the size that was committed. */
export async function requireArchives(ctx: Context, { object, files }: Snapshot, op: OpOptions): Promise<void> {
  const { id } = object;
  for (const state of files) {
    if ((state.kind !== "leftover" && state.kind !== "stray") || !state.file) continue;
    const { archiveKey: key, archiveBytes } = state.file;
    if ((await ctx.archives.stat(key, op))?.size === archiveBytes) continue;
    const message = `Archive "${key}" is not there as it was committed; the live bytes of "${state.name}" were left alone.`;
    throw new ArchiverError("NOT_FOUND", message, { id, key });
  }
}
