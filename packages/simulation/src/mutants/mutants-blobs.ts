/** Rules of live blobs: what their generations and sizes mean, and when they may be deleted. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

const DELETE = "    await ctx.blobs.delete(blob, op);\n";

export const blobMutants: readonly CoreMutant[] = [
  coreMutant(
    "delete-whatever-is-there",
    "A delete compares generation and size: it takes the blob as it is by then.",
    inFile(
      "session/delete-if-unchanged.ts",
      DELETE,
      "    await ctx.blobs.delete((await ctx.blobs.stat(blob.key, op)) ?? blob, op);\n",
    ),
  ),
  coreMutant(
    "delete-by-generation",
    "A delete compares the size too: it compares the generation only.",
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
    "A delete compares the generation too: it compares the size only.",
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
    "A restored blob has a generation of its own: it gets the one that was archived.",
    inFile("session/transitions/restored.ts", "restoring: newGeneration() }", "restoring: file.generation }"),
  ),
  coreMutant(
    "generation-anew-each-time",
    "A restore uses the generation that is noted: it takes a new one each time.",
    inFile("session/transitions/restored.ts", "file.restoring === undefined ? { ...file", "newGeneration ? { ...file"),
  ),
  coreMutant(
    "restore-not-noted",
    "A restore notes the generation before it makes the blob: it makes the blob and notes nothing.",
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
    "What no swap proves is made certain before a restore goes by it: it is taken as it was seen.",
    inFile("ops/restore/restore.ts", "isAtRest(seen) ? seen : await confirm(ctx, seen, op)", "seen"),
  ),
  coreMutant(
    "restored-without-prefix",
    "Restored generations start with `restored-`: they look like any other.",
    inFile("ops/restore/restore.ts", "RESTORED_PREFIX + ctx.randomId()", '"live-" + ctx.randomId()'),
  ),
  coreMutant(
    "restore-undone",
    "A restore is finished, never undone: settle deletes the blobs that one has made.",
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
    "A restore is committed when every file is seen in its blob: it is as soon as none is missing by its own account.",
    inFile(
      "ops/restore/finish-restore.ts",
      `!now.files.every((state) => state.kind === "restored")`,
      "now.files.length === 0",
    ),
  ),
  coreMutant(
    "leftover-taken-back",
    "A leftover is never taken back as the live blob: a restore saves itself the copy.",
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
    "tail-taken-for-leftover",
    "A blob that has grown is a tail: it is taken for a leftover, whatever its size.",
    inFile(
      "session/file-state.ts",
      "if (blob.size === file.liveBytes) return",
      "if (blob.size >= file.liveBytes) return",
    ),
  ),
  coreMutant(
    "stray-written-to",
    "A stray is a copy of archived bytes, and deleted: new output is appended to it.",
    inFile("record/append.ts", `    if (state?.kind === "stray") await deleteIfUnchanged(ctx, state.blob, {});\n`, ""),
    inFile("record/append.ts", `state.kind !== "stray" && "blob" in state`, `"blob" in state`),
  ),
];
