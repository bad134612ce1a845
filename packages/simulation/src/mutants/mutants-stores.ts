/** Rules of stores: the proofs that an archive object is garbage, and what a catalogue that was set back must not do. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

const PROOF = "const { superfluous, unreadable } = await prove(ctx, snapshot, unexplained, op);";
const TAKEN_BACK = "const takenBack = await ctx.records.takenBack(op);";
/** Deletes an archive that was given up without a look at the archive that took its bytes over. */
const GIVEN_UP_UNSEEN = inFile(
  "ops/gc/explain.ts",
  "const isHeld = givenUp.length === 0 ||",
  "const isHeld = givenUp.length >= 0 ||",
);

/** Goes by what is still there, although a copy of the store may be about to delete it. */
const CONDEMNED_UNSEEN = inFile(
  "ops/gc/explain.ts",
  "if (leansOnCondemned(snapshot.object.id, snapshot.object.meta)) {",
  "if (false) {",
);

export const storesMutants: readonly Mutant[] = [
  coreMutant(
    "unknown-by-session",
    "gc decides about unknown objects key by key. Instead it deletes all keys that a known session does not name.",
    inFile("ops/gc/explain.ts", PROOF, "const superfluous = new Set(unexplained), unreadable = new Set();"),
  ),
  coreMutant(
    "identity-permits",
    "A store's identity permits nothing. Instead gc deletes unknown objects that carry it.",
    inFile(
      "ops/gc/gc.ts",
      `if (what === "keep") unknown.add(info);`,
      `if (!info.key.startsWith(String(store))) unknown.add(info);`,
    ),
  ),
  coreMutant(
    "clock-proves",
    "Only bytes are a proof. Instead an object that is older than the session's archive counts as its source.",
    inFile(
      "ops/gc/explain.ts",
      PROOF,
      `const isOlder = ({ createdAt }) => createdAt <= Number(meta["session:archived_at"] ?? 0);
  const superfluous = new Set(unexplained.filter(isOlder)), unreadable = new Set();`,
    ),
  ),
  coreMutant(
    "sizes-prove",
    "Only bytes are a proof. Instead an object that is no longer than the session's file counts as its beginning.",
    inFile("format/prefix-check.ts", "differs = crc !== segment.crc32;", "differs = crc === undefined;"),
  ),
  coreMutant(
    "set-back-purges",
    "A catalogue that lacks a record of its store purges nothing. Instead it purges.",
    inFile("ops/prune/purge-guard.ts", "if (setBack !== undefined) return", "if (setBack === null) return"),
    inFile(
      "ops/prune/prune.ts",
      "purges.length > 0 ? await whySetBack(ctx, op, report.purgedCount > 0) : undefined",
      "undefined",
    ),
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
  coreMutant(
    "noted-is-known",
    "A tombstone that a record says was taken back is not purged, even if the catalogue has noted the record. Instead it is.",
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
  coreMutant(
    "set-back-collects",
    "Without a record of its store, a catalogue's gc deletes nothing. Instead it deletes, and doesn't look for successors.",
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
    "gc first records what it will delete, so that of two copies one finds the other's record. Instead it records nothing, and doesn't look for successors.",
    inFile("ops/gc/gc.ts", "    await announce(ctx, changes);\n", ""),
    GIVEN_UP_UNSEEN,
  ),
  coreMutant(
    "given-up-forever",
    "An archive that a merge replaced is deleted only while the new one is there, and no copy may delete it. Instead it always is.",
    GIVEN_UP_UNSEEN,
    CONDEMNED_UNSEEN,
  ),
  coreMutant(
    "remove-forgets-first",
    "A removal gives the archives up in the object before it deletes anything. Instead it deletes the object first.",
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
    "A removal looks at the object after it has listed the blobs. Instead it lists the blobs again, and deletes those.",
    inFile(
      "ops/remove/finish-remove.ts",
      "const freed = await deleteBytes(ctx, blobs, givenUpKeys",
      "const freed = await deleteBytes(ctx, await blobsOf(ctx, id, op), givenUpKeys",
    ),
  ),
  coreMutant(
    "record-after-change",
    "A change is on record before it is committed. Instead it is recorded afterwards.",
    inFile("session/commit.ts", "  await recordChanges(ctx, object, meta);\n", ""),
    inFile(
      "session/commit.ts",
      "    ctx.dropped.note(object.id, object.meta, meta, ctx.now());\n",
      `    ctx.dropped.note(object.id, object.meta, meta, ctx.now());
    await recordChanges(ctx, object, meta);
`,
    ),
  ),
  coreMutant(
    "catch-up-keeps-tombstones",
    "catchUp takes all tombstones back. Instead it only notes the records.",
    inFile("ops/catch-up.ts", "const unpruned = await takeTombstonesBack(ctx, op);", "const unpruned: string[] = [];"),
    inFile("ops/prune/purge-guard.ts", TAKEN_BACK, "const takenBack = new Set();"),
  ),
];
