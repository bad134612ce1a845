/** Rules of imports. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

export const importsMutants: readonly CoreMutant[] = [
  coreMutant(
    "candidate-counts-at-once",
    "What an import is about to put in the output's place counts for nothing until the commit: it is the output as soon as it is there.",
    inFile(
      "session/file-state.ts",
      `return { kind: "candidate", name, file, blob };`,
      `return file ? { kind: "restored", name, file, blob } : { kind: "live", name, blob };`,
    ),
  ),
  coreMutant(
    "candidate-deleted-at-once",
    "The new output's blob is deleted only once the intent is taken back: a settle deletes it as it finds it.",
    inFile(
      "ops/settle.ts",
      `if (state.kind !== "leftover" && state.kind !== "stray") continue;`,
      `if (state.kind !== "leftover" && state.kind !== "stray" && state.kind !== "candidate") continue;`,
    ),
    inFile(
      "ops/settle.ts",
      "      await finishReplacing(ctx, snapshot, op);\n      continue;",
      "      await deleteOutdated(ctx, snapshot, op);\n      await finishReplacing(ctx, snapshot, op);\n      continue;",
    ),
  ),
  coreMutant(
    "candidate-written-to",
    "New output is never appended to what an import is about to put in the output's place: it is, as to any blob.",
    inFile("record/append.ts", `if (state?.kind === "candidate") continue;`, ""),
  ),
  coreMutant(
    "replaced-not-kept",
    "What an import replaces is kept: its archive is given up.",
    inFile(
      "session/transitions/replaced.ts",
      "asLive(id, withKeys(meta, { [KEY.keepArchive]: true }), now)",
      "asLive(id, meta, now)",
    ),
    inFile("session/archive-keys.ts", "      ...versionKeys(meta),\n", ""),
  ),
  coreMutant(
    "replaced-unarchived",
    "What an import replaces is archived first, with all that was written: what is in the archive already is thought to be all.",
    inFile(
      "ops/import/replace.ts",
      "    await archive(ctx, id, { ...op, trusting: true });",
      "    if (!isArchived(before)) await archive(ctx, id, { ...op, trusting: true });",
    ),
    inFile("ops/import/replace.ts", `snapshot.files.every(({ kind }) => kind === "archived")`, "true"),
  ),
  coreMutant(
    "appended-to-another-life",
    "An import appends to what it has compared: it appends to whatever has that size.",
    inFile("ops/import/take-in.ts", "=> isSameLife(meta, before)", "=> isSameLife(meta, meta)"),
  ),
  coreMutant(
    "appended-late",
    "Output that goes on from an archive names it: it looks like any other, and comes twice where it is late.",
    inFile("record/append.ts", "const generation = follows ?", "const generation = follows && !follows ?"),
  ),
  coreMutant(
    "created-late",
    "The first output of a session is known as such: it looks like any other, and comes twice where it is late.",
    inFile(
      "ops/import/take-in.ts",
      "  return RESTORED_PREFIX + ctx.randomId();",
      "  return `live-$" + "{ctx.randomId()}`;",
    ),
  ),
  coreMutant(
    "stream-read-again",
    "A stream that has gone by is not to be had again: it is read out of the session, whatever that holds.",
    inFile("ops/import/put-output.ts", "  if (!holdsBlob(now, generation)) return undefined;\n", ""),
  ),
  coreMutant(
    "compared-by-length",
    "A source is compared with what the session holds: it is taken for the same as far as both go.",
    inFile("ops/import/compare.ts", "if (!isSame(taken, held.subarray(0, taken.length))) {", "if (taken.length < 0) {"),
  ),
  coreMutant(
    "versions-not-held",
    "What is the beginning of a version that is kept is superfluous: only what the session holds now proves anything.",
    inFile("ops/gc/proof.ts", ", ...keptFiles(snapshot)]", "]"),
  ),
];
