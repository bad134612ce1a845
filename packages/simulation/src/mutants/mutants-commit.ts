/** Rules of commits: what is written, looked at and compared before the one swap, and what may be deleted after it. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

export const commitMutants: readonly CoreMutant[] = [
  coreMutant(
    "delete-before-commit",
    "Bytes first, then the commit, then deletes: the live bytes are deleted before the commit.",
    inFile(
      "ops/archive/archive.ts",
      "  const committed = await commit(ctx, first, made, recheck, op);",
      `  for (const state of changed) if ("blob" in state) await ctx.blobs.delete(state.blob, op).catch(() => {});
  const committed = await commit(ctx, first, made, recheck, op);`,
    ),
  ),
  coreMutant(
    "no-read-back",
    "Read-back before the commit: what the sink has stored is not looked at.",
    inFile("ops/archive/write-file.ts", "  await readBack(ctx, index, writer.provenSegments(), op);\n", ""),
  ),
  coreMutant(
    "commit-unconditionally",
    "A commit is a swap against what was looked at: at a conflict, the object is replaced as it is then.",
    inFile(
      "session/commit.ts",
      `if (hasCode(error, "CONFLICT")) return undefined;`,
      `if (hasCode(error, "CONFLICT")) return await ctx.objects.put(object.id, meta, (await getObject(ctx, object.id)).version, op);`,
    ),
  ),
  coreMutant(
    "commit-whatever-changed",
    "After a lost race the archive is committed only if nothing but other metadata has changed: it is whatever has.",
    inFile(
      "ops/archive/commit.ts",
      "if (!sameArchive || isCondemned || generations(now) !== generations(first)) throw busy(id);",
      "if (isCondemned) throw busy(id);",
    ),
  ),
  coreMutant(
    "snapshot-read-once",
    "A snapshot reads the object before and after the blobs: it is read before them only.",
    inFile("session/snapshot.ts", "if (after.version === snapshot.object.version) return", "if (after) return"),
  ),
  coreMutant(
    "unclear-commit-not-looked-up",
    "An unclear commit is looked up: one that ended with UNAVAILABLE is taken for not done.",
    inFile("ops/archive/commit.ts", `unclear = hasCode(error, "UNAVAILABLE");`, "unclear = false;"),
  ),
  coreMutant(
    "unclear-archive-deleted",
    "An archive whose commit may still be on its way is left to collect: it is deleted.",
    inFile("ops/archive/commit.ts", "if (!unclear) await attempt", "await attempt"),
  ),
  coreMutant(
    "settling-not-marked",
    "An archive marks that it has to be settled: a sweep can't find what it left.",
    inFile("session/transitions/archived.ts", "    [KEY.settlingAt]: record.at,\n", ""),
  ),
  coreMutant(
    "settled-too-early",
    "The mark stays until the leftovers are gone: it goes before them.",
    inFile(
      "ops/settle.ts",
      "  const freed = await deleteOutdated(ctx, { object, files: fileStates(object.id, object.meta, blobs) }, op);\n",
      `  await tryPut(ctx, object, asSettled(object.meta, undefined), op);
  const freed = await deleteOutdated(ctx, { object, files: fileStates(object.id, object.meta, blobs) }, op);
`,
    ),
  ),
  coreMutant(
    "keys-reused",
    "Sink keys are never used twice: they are made from the session's id alone.",
    inFile(
      "format/keys.ts",
      `\${timeOf(now)}.\${randomId}\`;`,
      `\${timeOf(randomId === '' ? now : 0)}.0000000000000000\`;`,
    ),
  ),
];
