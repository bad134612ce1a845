/** Rules of imports. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

export const importsMutants: readonly Mutant[] = [
  coreMutant(
    "candidate-counts-at-once",
    "A new output that an import prepares counts only after the commit. Instead it counts as soon as its blob exists.",
    inFile(
      "session/file-state.ts",
      `return { kind: "candidate", name, file, blob };`,
      `return file ? { kind: "restored", name, file, blob } : { kind: "live", name, blob };`,
    ),
  ),
  coreMutant(
    "candidate-deleted-at-once",
    "The new output's blob is deleted only after the intent is taken back. Instead settle deletes it at once.",
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
    "Appends never go to a new output that an import prepares. Instead they do, as to any blob.",
    inFile("record/append.ts", `if (state?.kind === "candidate") continue;`, ""),
  ),
  coreMutant(
    "replaced-not-kept",
    "An output that an import replaces is kept. Instead its archive is given up.",
    inFile(
      "session/transitions/replaced.ts",
      "asLive(id, withKeys(meta, { [KEY.keepArchive]: true }), now)",
      "asLive(id, meta, now)",
    ),
    inFile("session/archive-keys.ts", ", ...versionKeys(meta)]", "]"),
  ),
  coreMutant(
    "replaced-unarchived",
    "An output that an import replaces is first archived as a whole. Instead an existing archive counts as complete.",
    inFile(
      "ops/import/replace.ts",
      "    await archive(ctx, id, { ...op, trusting: true });",
      "    if (!isArchived(before)) await archive(ctx, id, { ...op, trusting: true });",
    ),
    inFile("ops/import/replace.ts", `snapshot.files.every(({ kind }) => kind === "archived")`, "true"),
  ),
  coreMutant(
    "appended-to-another-life",
    "An import appends to the blob that it has compared. Instead it appends to any blob of that size.",
    inFile("ops/import/take-in.ts", "=> isSameLife(meta, before)", "=> isSameLife(meta, meta)"),
  ),
  coreMutant(
    "appended-late",
    "The blob of output that continues an archive names that archive. Instead it looks like any other, and a late one repeats lines.",
    inFile("record/append.ts", "const generation = follows ?", "const generation = follows && !follows ?"),
  ),
  coreMutant(
    "created-late",
    "The blob of a session's first output is marked as such. Instead it looks like any other, and a late one repeats lines.",
    inFile(
      "ops/import/take-in.ts",
      "  return RESTORED_PREFIX + ctx.randomId();",
      "  return `live-$" + "{ctx.randomId()}`;",
    ),
  ),
  coreMutant(
    "stream-read-again",
    "A stream can't be read a second time. Instead its bytes are read from the session, whatever that holds.",
    inFile("ops/import/put-output.ts", "  if (!holdsBlob(now, generation)) return undefined;\n", ""),
  ),
  coreMutant(
    "compared-by-length",
    "A source is compared with the session's bytes. Instead they count as equal up to the shorter one's end.",
    inFile("ops/import/compare.ts", "if (!isSame(taken, held.subarray(0, taken.length))) {", "if (taken.length < 0) {"),
  ),
  coreMutant(
    "versions-not-held",
    "An object that is the beginning of a kept version is superfluous. Instead only the session's present bytes count as proof.",
    inFile("ops/gc/proof.ts", ", ...keptFiles(snapshot)]", "]"),
  ),
];
