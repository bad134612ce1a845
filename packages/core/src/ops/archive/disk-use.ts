/** How much less of the disk a session takes up once it is archived. A look that fails stops nothing: then nobody can tell. */
import type { Context } from "../../context.js";
import type { OpOptions } from "../../ports.js";

/** What the live blobs take up; `undefined` if one of the stores can't tell. */
export function liveOnDisk({ blobs, archives }: Context, id: string, op: OpOptions): Promise<number | undefined> {
  return unlessFailed(async () => (archives.diskBytes ? blobs.diskBytes?.(id, op) : undefined));
}

/** `before`: what {@link liveOnDisk} has found. `keys`: what was added to the sink. Negative if more is taken up now. */
export async function freedOnDisk(
  ctx: Context,
  id: string,
  before: number | undefined,
  keys: readonly string[],
  op: OpOptions,
): Promise<number | undefined> {
  const after = before === undefined ? undefined : await liveOnDisk(ctx, id, op);
  if (before === undefined || after === undefined) return undefined;
  let freed = before - after;
  for (const key of keys) {
    const added = await unlessFailed(async () => ctx.archives.diskBytes?.(key, op));
    if (added === undefined) return undefined;
    freed -= added;
  }
  return freed;
}

async function unlessFailed(look: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await look();
  } catch {
    return undefined;
  }
}
