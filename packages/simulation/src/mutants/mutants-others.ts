/** Rules of the writer, the collector, prunes and reads. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

export const otherMutants: readonly CoreMutant[] = [
  coreMutant(
    "output-marked-late",
    "New output is marked before its first byte: the blob is made without a mark.",
    inFile(
      "record/append.ts",
      "if (marked !== object.meta) {",
      "if (marked !== object.meta && isPurged(object.meta)) {",
    ),
    inFile("record/append.ts", "if (isArchived(marked)) {", "if (isPurged(marked)) {"),
  ),
  coreMutant(
    "append-on-a-guess",
    "What no swap proves is made certain before output is appended: it is taken as it was seen.",
    inFile("record/append.ts", "isSwapNext ? seen : await confirm(ctx, seen)", "seen"),
  ),
  coreMutant(
    "count-on-a-guess",
    "A count is kept only if what was counted was certain: it is kept whatever comes of it.",
    inFile("record/record-stats.ts", "if (isProven) stats = counted;", "stats = counted;"),
  ),
  coreMutant(
    "output-not-marked-again",
    "The mark is set again when the first byte is there: a settle may take it away meanwhile.",
    inFile("record/append.ts", "if (isArchived(marked)) {", "if (isPurged(marked)) {"),
  ),
  coreMutant(
    "unclear-append-acknowledged",
    "An unclear append is looked up: it is taken for done.",
    inFile(
      "record/append.ts",
      "if (now?.generation !== done.generation || now.size !== done.size) throw error;",
      "if (now ?? true) return done;",
    ),
  ),
  coreMutant(
    "unclear-append-repeated",
    "Output is appended once: after an unclear append it is appended again.",
    inFile(
      "record/append.ts",
      "    return afterUnclear(ctx, error, { ...at,",
      '    if (hasCode(error, "UNAVAILABLE")) return undefined;\n    return afterUnclear(ctx, error, { ...at,',
    ),
  ),
  coreMutant(
    "collect-without-condemning",
    "gc condemns a key before it deletes it: it deletes what is superfluous at the moment.",
    inFile(
      "ops/gc/session.ts",
      "if (superfluous.length > 0 && !(await condemn(ctx, snapshot.object, superfluous, op))) continue;",
      "",
    ),
  ),
  coreMutant(
    "condemned-not-heeded",
    "No archive is committed under a condemned key: an archiver only looks whether it is there still.",
    inFile("ops/archive/commit.ts", "if (!sameArchive || isCondemned ||", "if (!sameArchive ||"),
  ),
  coreMutant(
    "collected-not-noticed",
    "An archiver that lost a race looks whether what it wrote is there still: it doesn't.",
    inFile(
      "ops/archive/commit.ts",
      "if (!(await ctx.archives.stat(key, op))) throw busy(id);",
      'if (key === "") throw busy(id);',
    ),
  ),
  coreMutant(
    "purge-deletes-first",
    "A purge gives the bytes up in the object, then in the sink: it deletes them first.",
    inFile(
      "ops/prune/prune.ts",
      "  if ((await tryPut(ctx, object, purged, op)) === undefined) return;\n",
      `  for (const key of givenUpKeys(id, purged)) await ctx.archives.delete(key, op);
  if ((await tryPut(ctx, object, purged, op)) === undefined) return;
`,
    ),
  ),
  coreMutant(
    "purge-of-what-is-in-use",
    "Only a tombstone is purged: a prune gives up the bytes of any archive.",
    inFile(
      "ops/prune/prune.ts",
      "if (!isArchived(object.meta) || !isDue(object.meta, ctx.now(), grace)) return;",
      "if (!isArchived(object.meta)) return;",
    ),
    inFile("ops/prune/prune.ts", `step.action === "purge" || purgesAtOnce;`, "step.id !== '';"),
    inFile(
      "ops/prune/prune.ts",
      `if (files.some((state) => state.kind === "continuation" || state.kind === "restored")) {`,
      "if (files.length === 0) {",
    ),
  ),
  coreMutant(
    "undo-of-a-purge",
    "A purge can't be taken back: the tombstone is removed, and the session reads as empty.",
    inFile(
      "ops/prune/prune.ts",
      "if (isArchived(meta)) return asUnpruned(meta);",
      "if (isPruned(meta)) return asUnpruned(meta);",
    ),
  ),
  coreMutant(
    "read-gives-up",
    "A read looks again: what it was reading is gone, and it fails.",
    inFile(
      "read/read.ts",
      "if (tries >= MAX_TRIES || (tries > 0 && !hasChanged(before, snapshot)))",
      "if (hasChanged(before, snapshot) || tries > 0)",
    ),
  ),
  coreMutant(
    "read-looks-once",
    "A read finds the blob in the same generation before and after the object: it asks for it before only.",
    inFile("read/look-at-file.ts", "before && (await ctx.blobs.stat(key, op))", "before"),
  ),
  coreMutant(
    "read-looks-at-the-object-first",
    "A read looks for the blob before it looks at the object: it does so after.",
    inFile("read/look-at-file.ts", "const before = await ctx.blobs.stat(key, op);", ""),
    inFile(
      "read/look-at-file.ts",
      "const object = await getObject(ctx, id, op);",
      "const object = await getObject(ctx, id, op), before = await ctx.blobs.stat(key, op);",
    ),
  ),
  coreMutant(
    "read-starts-over",
    "A read that looks again goes on at the same byte: it starts over.",
    inFile("read/read.ts", "            start += chunk.length;\n", ""),
  ),
];
