/** Rules of the writer, the collector, prunes and reads. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

export const otherMutants: readonly Mutant[] = [
  coreMutant(
    "output-marked-late",
    "New output is marked before its first byte. Instead the blob is made without a mark.",
    inFile(
      "record/append.ts",
      "if (marked !== object.meta) {",
      "if (marked !== object.meta && isPurged(object.meta)) {",
    ),
    inFile("record/append.ts", "if (isArchived(marked)) {", "if (isPurged(marked)) {"),
  ),
  coreMutant(
    "append-on-a-guess",
    "An append makes certain of a state that no swap proves before it acts on it. Instead it acts on the state as it saw it.",
    inFile("record/append.ts", "isSwapNext ? seen : await confirm(ctx, seen)", "seen"),
  ),
  coreMutant(
    "count-on-a-guess",
    "A count is kept only if the counted state was certain. Instead it is always kept.",
    inFile("record/record-stats.ts", "if (isProven) stats = counted;", "stats = counted;"),
  ),
  coreMutant(
    "output-not-marked-again",
    "The mark is set again when the first byte is written. Instead a settle may have removed it.",
    inFile("record/append.ts", "if (isArchived(marked)) {", "if (isPurged(marked)) {"),
  ),
  coreMutant(
    "unclear-append-acknowledged",
    "After an unclear append the recorder looks whether it was done. Instead it assumes that it was.",
    inFile(
      "record/append.ts",
      "if (now?.generation !== done.generation || now.size !== done.size) throw error;",
      "if (now ?? true) return done;",
    ),
  ),
  coreMutant(
    "unclear-append-repeated",
    "Output is appended once. Instead it is appended again after an unclear append.",
    inFile(
      "record/append.ts",
      "    return afterUnclear(ctx, error, { ...at,",
      '    if (hasCode(error, "UNAVAILABLE")) return undefined;\n    return afterUnclear(ctx, error, { ...at,',
    ),
  ),
  coreMutant(
    "gc-without-mark",
    "gc marks a key for deletion before it deletes it. Instead it deletes at once what is superfluous at that moment.",
    inFile(
      "ops/gc/session.ts",
      "if (superfluous.length > 0 && !(await markForDeletion(ctx, snapshot.object, superfluous, op))) continue;",
      "",
    ),
  ),
  coreMutant(
    "mark-not-heeded",
    "No archive is committed under a key that is marked for deletion. Instead an archiver only looks whether it still exists.",
    inFile("ops/archive/commit.ts", "if (isCondemned || !isSameOutput", "if (!isSameOutput"),
  ),
  coreMutant(
    "gc-not-noticed",
    "An archiver that lost a race looks whether its archive still exists. Instead it doesn't.",
    inFile(
      "ops/archive/commit.ts",
      "if (!(await ctx.archives.stat(key, op))) throw busy(id);",
      'if (key === "") throw busy(id);',
    ),
  ),
  coreMutant(
    "purge-deletes-first",
    "A purge gives the bytes up in the object, then deletes them in the sink. Instead it deletes them first.",
    inFile(
      "ops/prune/prune.ts",
      "  if ((await tryPut(ctx, object, purged, op)) === undefined) return false;\n",
      `  for (const key of givenUpKeys(id, purged)) await ctx.archives.delete(key, op);
  if ((await tryPut(ctx, object, purged, op)) === undefined) return false;
`,
    ),
  ),
  coreMutant(
    "purge-of-what-is-in-use",
    "Only sessions with a tombstone are purged. Instead a prune gives up the bytes of any archive.",
    inFile(
      "ops/prune/prune.ts",
      "if (!isArchived(object.meta) || !isDue(object.meta, ctx.now(), grace)) return false;",
      "if (!isArchived(object.meta)) return false;",
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
    "A purge can't be taken back. Instead the tombstone is removed, and the session reads as empty.",
    inFile(
      "ops/prune/prune.ts",
      "if (isArchived(meta)) return asUnpruned(meta);",
      "if (isPruned(meta)) return asUnpruned(meta);",
    ),
  ),
  coreMutant(
    "read-gives-up",
    "A read looks again when its bytes are gone. Instead it fails.",
    inFile(
      "read/read.ts",
      "if (tries >= MAX_TRIES || (tries > 0 && !hasChanged(before, snapshot)))",
      "if (hasChanged(before, snapshot) || tries > 0)",
    ),
  ),
  coreMutant(
    "read-looks-once",
    "A read checks that the blob has the same generation before and after it reads the object. Instead it checks only before.",
    inFile("read/look-at-file.ts", "before && (await ctx.blobs.stat(key, op))", "before"),
  ),
  coreMutant(
    "read-looks-at-the-object-first",
    "A read looks for the blob before it reads the object. Instead it does so afterwards.",
    inFile("read/look-at-file.ts", "const before = await ctx.blobs.stat(key, op);", ""),
    inFile(
      "read/look-at-file.ts",
      "const object = await getObject(ctx, id, op);",
      "const object = await getObject(ctx, id, op), before = await ctx.blobs.stat(key, op);",
    ),
  ),
  coreMutant(
    "read-starts-over",
    "A read that looks again continues at the same byte. Instead it starts over.",
    inFile("read/read.ts", "          start += chunk.length;\n", ""),
  ),
];
