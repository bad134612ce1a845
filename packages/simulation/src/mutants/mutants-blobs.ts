/** Rules of live blobs: what their generations and sizes mean, and when they may be deleted. */
import { coreMutant, inFile, type Mutant } from "./core-mutant.js";

const DELETE = "    await ctx.blobs.delete(blob, op);\n";

export const blobMutants: readonly Mutant[] = [
  coreMutant(
    "delete-whatever-is-there",
    "A delete compares generation and size. Instead it deletes the blob in its present state.",
    inFile(
      "session/delete-if-unchanged.ts",
      DELETE,
      "    await ctx.blobs.delete((await ctx.blobs.stat(blob.key, op)) ?? blob, op);\n",
    ),
  ),
  coreMutant(
    "delete-by-generation",
    "A delete compares the size too. Instead it compares only the generation.",
    inFile(
      "session/delete-if-unchanged.ts",
      DELETE,
      `    const now = await ctx.blobs.stat(blob.key, op);
    await ctx.blobs.delete(now?.generation === blob.generation ? now : blob, op);
`,
    ),
  ),
  coreMutant(
    "delete-by-size",
    "A delete compares the generation too. Instead it compares only the size.",
    inFile(
      "session/delete-if-unchanged.ts",
      DELETE,
      `    const now = await ctx.blobs.stat(blob.key, op);
    await ctx.blobs.delete(now?.size === blob.size ? now : blob, op);
`,
    ),
  ),
  coreMutant(
    "generation-reused",
    "A restored blob has a generation of its own. Instead it gets the archived one.",
    inFile("session/transitions/restored.ts", "restoring: newGeneration() }", "restoring: file.generation }"),
  ),
  coreMutant(
    "generation-anew-each-time",
    "A restore uses the noted generation. Instead it takes a new one each time.",
    inFile("session/transitions/restored.ts", "file.restoring === undefined ? { ...file", "newGeneration ? { ...file"),
  ),
  coreMutant(
    "restore-not-noted",
    "A restore notes the generation before it makes the blob. Instead it makes the blob and notes nothing.",
    inFile(
      "ops/restore/restore.ts",
      "const noted = isNoted(object, keepArchive) ? snapshot :",
      "const noted = keepArchive !== undefined ? snapshot :",
    ),
    inFile(
      "ops/restore/finish-restore.ts",
      "if (snapshot.files.some(blocks) || files.some((file) => file.restoring === undefined)) return undefined;",
      "",
    ),
    inFile("ops/restore/finish-restore.ts", `file.restoring ?? ""`, '"live-" + ctx.randomId()'),
  ),
  coreMutant(
    "restore-finished-on-a-guess",
    "A restore makes certain of a state that no swap proves before it acts on it. Instead it acts on the state as it saw it.",
    inFile("ops/restore/restore.ts", "isAtRest(seen) ? seen : await confirm(ctx, seen, op)", "seen"),
  ),
  coreMutant(
    "restored-without-prefix",
    "Restored generations start with `restored-`. Instead they look like any other.",
    inFile("ops/restore/restore.ts", "RESTORED_PREFIX + ctx.randomId()", '"live-" + ctx.randomId()'),
  ),
  coreMutant(
    "restore-undone",
    "A restore is finished, never undone. Instead settle deletes the blobs that it has made.",
    inFile(
      "ops/settle.ts",
      `snapshot.files.some((state) => state.kind === "restored") &&`,
      "snapshot.files.length < 0 &&",
    ),
    inFile(
      "ops/settle.ts",
      `if (state.kind !== "leftover" && state.kind !== "stray") continue;`,
      `if (state.kind !== "leftover" && state.kind !== "stray" && state.kind !== "restored") continue;`,
    ),
  ),
  coreMutant(
    "restore-commits-unseen",
    "A restore commits when it sees every file in its blob. Instead it commits without that look.",
    inFile(
      "ops/restore/finish-restore.ts",
      `!now.files.every((state) => state.kind === "restored")`,
      "now.files.length === 0",
    ),
  ),
  coreMutant(
    "leftover-taken-back",
    "A restore never takes a leftover back as the live blob. Instead it does, and need not copy.",
    inFile(
      "ops/restore/finish-restore.ts",
      `state.kind === "leftover" || state.kind === "stray") && !(`,
      `state.kind === "stray") && !(`,
    ),
    inFile(
      "ops/restore/finish-restore.ts",
      `const file = state.kind === "restored" ||`,
      `const file = state.kind === "restored" || state.kind === "leftover" ||`,
    ),
    inFile(
      "ops/restore/finish-restore.ts",
      `!now.files.every((state) => state.kind === "restored")`,
      `!now.files.every((state) => state.kind === "restored" || state.kind === "leftover")`,
    ),
  ),
  coreMutant(
    "continuation-taken-for-leftover",
    "A blob that has grown is a continuation. Instead it counts as a leftover.",
    inFile(
      "session/file-state.ts",
      "if (blob.size === file.liveBytes) return",
      "if (blob.size >= file.liveBytes) return",
    ),
  ),
  coreMutant(
    "stray-written-to",
    "A stray is a copy of archived bytes, and is deleted. Instead new output is appended to it.",
    inFile("record/append.ts", `    if (state?.kind === "stray") await deleteIfUnchanged(ctx, state.blob, {});\n`, ""),
    inFile("record/append.ts", `state.kind !== "stray" && "blob" in state`, `"blob" in state`),
  ),
];
