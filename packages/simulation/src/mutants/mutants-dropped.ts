/** Rules of a sweep that deletes what the commits of its process have given up, without a look at the whole sink. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

const FILE = "ops/gc/collect-dropped.ts";

export const droppedMutants: readonly Mutant[] = [
  coreMutant(
    "dropped-before-the-commit",
    "A sweep deletes what its process has given up once the session says so. Instead it goes by what a commit was about to give up.",
    inFile(
      "session/commit.ts",
      "  await recordChanges(ctx, object, meta);\n",
      "  await recordChanges(ctx, object, meta);\n  ctx.dropped.note(object.id, object.meta, meta, ctx.now());\n",
    ),
    inFile(
      FILE,
      "const { givenUp } = await explainGarbage(ctx, store, await takeSnapshot(ctx, id, op), there, op);",
      "const givenUp = there;",
    ),
    inFile(
      FILE,
      "for (const { size } of await collectSession(ctx, store, id, infos, op)) freed += size;",
      "for (const { key } of infos) await ctx.archives.delete(key, op);",
    ),
  ),
];
