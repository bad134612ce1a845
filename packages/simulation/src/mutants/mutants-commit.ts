/** Rules of commits: what an operation writes, reads and compares before its one swap, and what it may delete afterwards. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

export const commitMutants: readonly Mutant[] = [
  coreMutant(
    "delete-before-commit",
    "Bytes are written first, then comes the commit, then deletes. Instead the live bytes are deleted before the commit.",
    inFile(
      "ops/archive/archive.ts",
      "  const committed = await commit(ctx, first, made, recheck, op);",
      `  for (const state of changed) if ("blob" in state) await ctx.blobs.delete(state.blob, op).catch(() => {});
  const committed = await commit(ctx, first, made, recheck, op);`,
    ),
  ),
  coreMutant(
    "no-read-back",
    "An archive is read back before the commit. Instead it is not.",
    inFile("ops/archive/write-file.ts", "  await readBack(ctx, writer.index(), writer.provenSegments(), op);\n", ""),
  ),
  coreMutant(
    "inline-not-read-back",
    "An archive with its manifest inline is read back before the commit. Instead it is not.",
    inFile("ops/archive/write-together.ts", "  await readBack(ctx, sent, entry.index, manifest.length, op);\n", ""),
  ),
  coreMutant(
    "commit-unconditionally",
    "A commit is a swap against the object that was read. Instead, at a conflict, it replaces the object's newer state.",
    inFile(
      "session/commit.ts",
      `if (hasCode(error, "CONFLICT")) return undefined;`,
      `if (hasCode(error, "CONFLICT")) return await ctx.objects.put(object.id, meta, (await getObject(ctx, object.id)).version, op);`,
    ),
  ),
  coreMutant(
    "commit-whatever-changed",
    "After a lost race the archive is committed only if nothing but other metadata has changed. Instead it is always committed.",
    inFile(
      "ops/archive/commit.ts",
      "if (isCondemned || !isSameOutput(first, now)) throw busy(id);",
      "if (isCondemned) throw busy(id);",
    ),
  ),
  coreMutant(
    "snapshot-read-once",
    "A snapshot reads the object before and after the blobs. Instead it reads it only before.",
    inFile("session/snapshot.ts", "if (after.version === snapshot.object.version) return", "if (after) return"),
  ),
  coreMutant(
    "unclear-commit-not-looked-up",
    "After an unclear commit the archiver looks whether it was done. Instead it assumes that it was not.",
    inFile("ops/archive/commit.ts", `unclear = hasCode(error, "UNAVAILABLE");`, "unclear = false;"),
  ),
  coreMutant(
    "unclear-archive-deleted",
    "An archive whose commit may still take effect is left to gc. Instead it is deleted.",
    inFile("ops/archive/commit.ts", "if (!unclear) await attempt", "await attempt"),
  ),
  coreMutant(
    "settling-not-marked",
    "An archive marks the session as unsettled. Instead it doesn't, and sweeps can't find its leftovers.",
    inFile("session/transitions/archived.ts", "    [KEY.settlingAt]: record.at,\n", ""),
  ),
  coreMutant(
    "settled-too-early",
    "The mark stays until the leftovers are deleted. Instead it is removed before them.",
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
    "Sink keys are never used twice. Instead they are made from the session's id alone.",
    inFile(
      "format/keys.ts",
      `\${timeOf(now)}.\${randomId}\`;`,
      `\${timeOf(randomId === '' ? now : 0)}.0000000000000000\`;`,
    ),
  ),
];
