/** Rules of stores: what proves that an archive object is garbage, and what a catalogue that was set back may not do. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

const PROOF = "const { superfluous, unreadable } = await prove(ctx, snapshot, unexplained, op);";
const TAKEN_BACK = "const takenBack = await ctx.records.takenBack(op);";
/** What was given up is deleted without a look at the archive that took it over. */
const GIVEN_UP_UNSEEN = inFile(
  "ops/gc/explain.ts",
  "if (explained.givenUp.length === 0 ||",
  "if (explained.givenUp.length >= 0 ||",
);

export const storesMutants: readonly CoreMutant[] = [
  coreMutant(
    "unknown-by-session",
    "What is unknown is decided key by key: of a session that the catalogue knows, every key that it does not name goes.",
    inFile("ops/gc/explain.ts", PROOF, "const superfluous = new Set(unexplained), unreadable = new Set();"),
  ),
  coreMutant(
    "identity-permits",
    "A store's identity permits nothing: what carries it and is unknown goes.",
    inFile(
      "ops/gc/gc.ts",
      `if (what === "keep") unknown.add(info);`,
      `if (!info.key.startsWith(String(store))) unknown.add(info);`,
    ),
  ),
  coreMutant(
    "clock-proves",
    "Only bytes prove: what is older than the session's archive is taken for what that was made from.",
    inFile(
      "ops/gc/explain.ts",
      PROOF,
      `const isOlder = ({ createdAt }) => createdAt <= Number(meta["session:archived_at"] ?? 0);
  const superfluous = new Set(unexplained.filter(isOlder)), unreadable = new Set();`,
    ),
  ),
  coreMutant(
    "sizes-prove",
    "Only bytes prove: what is no longer than the session's file is taken for its beginning.",
    inFile("format/prefix-check.ts", "differs = crc !== segment.crc32;", "differs = crc === undefined;"),
  ),
  coreMutant(
    "set-back-purges",
    "A catalogue that lacks a record of its store purges nothing: it purges.",
    inFile("ops/prune/purge-guard.ts", "if (setBack !== undefined) return", "if (setBack === null) return"),
    inFile("ops/prune/prune.ts", "(guard.changes.length > 0 ? await whySetBack(ctx, op) : undefined)", "undefined"),
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
  coreMutant(
    "noted-is-known",
    "A tombstone that is on record as taken back is not acted on, though the catalogue had noted the record: it is.",
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
  coreMutant(
    "set-back-collects",
    "A catalogue that lacks a record of its store collects nothing: it collects, and what it has given up goes unseen.",
    inFile(
      "ops/gc/gc.ts",
      `let refused = what === "keep" ? ((await whySetBack(ctx, op)) ?? null) : null;`,
      "let refused: string | null = null;",
    ),
    inFile("ops/gc/gc.ts", `if (what === "keep") refused = (await whySetBack(ctx, op)) ?? null;`, ""),
    GIVEN_UP_UNSEEN,
  ),
  coreMutant(
    "collects-unrecorded",
    "What gc deletes is on record first, so that of two copies one finds the other's: it leaves no record, and what is given up goes unseen.",
    inFile("ops/gc/gc.ts", "    await announce(ctx, changes);\n", ""),
    GIVEN_UP_UNSEEN,
  ),
  coreMutant(
    "given-up-for-ever",
    "What a merge gave up goes only while the archive that took it over is there: it goes.",
    GIVEN_UP_UNSEEN,
  ),
  coreMutant(
    "remove-forgets-first",
    "A removal gives the archives up in the object before it deletes anything: it deletes the object first.",
    inFile(
      "ops/remove/remove.ts",
      "      if ((await tryPut(ctx, snapshot.object, removing, op)) !== undefined) return finishRemove(ctx, id, op);\n",
      `      await ctx.objects.delete(id, snapshot.object.version, op);
      await deleteBytes(ctx, await blobsOf(ctx, id, op), keys, op);
      if (removing) return { id, liveBytesFreed: 0, archiveBytesFreed: archiveBytes };
`,
    ),
  ),
  coreMutant(
    "removal-comes-late",
    "A removal looks at the object after it has listed the blobs: it deletes those that are there by then.",
    inFile(
      "ops/remove/finish-remove.ts",
      "const freed = await deleteBytes(ctx, blobs, givenUpKeys",
      "const freed = await deleteBytes(ctx, await blobsOf(ctx, id, op), givenUpKeys",
    ),
  ),
  coreMutant(
    "record-after-change",
    "A change is on record before it is committed: it is after.",
    inFile("session/commit.ts", "  await recordChanges(ctx, object, meta);\n", ""),
    inFile(
      "session/commit.ts",
      "    return await ctx.objects.put(object.id, meta, object.version, op);\n",
      `    const version = await ctx.objects.put(object.id, meta, object.version, op);
    await recordChanges(ctx, object, meta);
    return version;
`,
    ),
  ),
  coreMutant(
    "catch-up-keeps-tombstones",
    "Catching up takes all tombstones back: it only notes the records.",
    inFile("ops/catch-up.ts", "const unpruned = await takeTombstonesBack(ctx, op);", "const unpruned: string[] = [];"),
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
];
