/** Deletes what commits of this process have given up some minutes ago: as gc does, but without a look at the whole sink. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { announce } from "../../session/commit.js";
import { takeSnapshot } from "../../session/snapshot.js";
import { forEachConcurrent, UNDER_WAY } from "../concurrency.js";
import { explainGarbage } from "./explain.js";
import { collected, collectSession } from "./session.js";
import { whySetBack } from "./set-back.js";

/** Resolves to the archive bytes that were deleted. What can't be deleted now is left to `gc`. */
export async function collectDropped(ctx: Context, op: OpOptions): Promise<number> {
  const ripe = ctx.dropped.takeRipe(ctx.now());
  if (ripe.size === 0 || (await whySetBack(ctx, op)) !== undefined) return 0;
  const store = (await ctx.notes.read(op))?.id;
  const found = new Map<string, readonly ArchiveInfo[]>();
  const changes: Change[] = [];
  await forEachConcurrent(ripe, UNDER_WAY, async ([id, keys]) =>
    unlessGone(async () => {
      const infos = await Promise.all(keys.map((key) => ctx.archives.stat(key, op)));
      const there = infos.filter((info) => info !== undefined);
      const { givenUp } = await explainGarbage(ctx, store, await takeSnapshot(ctx, id, op), there, op);
      if (givenUp.length === 0) return;
      found.set(id, givenUp);
      changes.push(collected(id, givenUp));
    }),
  );
  if (changes.length === 0) return 0;
  await announce(ctx, changes);
  if ((await whySetBack(ctx, op)) !== undefined) return 0;
  let freed = 0;
  await forEachConcurrent(found, UNDER_WAY, async ([id, infos]) =>
    unlessGone(async () => {
      for (const { size } of await collectSession(ctx, store, id, infos, op)) freed += size;
    }),
  );
  return freed;
}

/** A session that is gone, damaged or in use is left to gc. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND", "CORRUPT", "INVALID_ARGUMENT", "CONFLICT", "UNAVAILABLE", "QUOTA")) throw error;
  }
}
