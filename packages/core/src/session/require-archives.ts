/** The last check before live bytes are deleted because an archive is said to hold them. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import type { OpOptions } from "../ports.js";
import { partsOfFile } from "./archived-file.js";
import type { Snapshot } from "./snapshot.js";

/** `NOT_FOUND` if the archive of a leftover or stray blob is missing, or does not have its committed size. */
export async function requireArchives(ctx: Context, { object, files }: Snapshot, op: OpOptions): Promise<void> {
  const { id } = object;
  for (const state of files) {
    if ((state.kind !== "leftover" && state.kind !== "stray") || !state.file) continue;
    for (const { key, archiveBytes } of partsOfFile(state.file)) {
      if ((await ctx.archives.stat(key, op))?.size === archiveBytes) continue;
      const message = `Archive "${key}" is not there as it was committed; the live bytes of "${state.name}" were left alone.`;
      throw new ArchiverError("NOT_FOUND", message, { id, key });
    }
  }
}
