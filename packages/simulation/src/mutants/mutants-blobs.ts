/** Rules of live blobs: what their generations and sizes mean, and when they may be deleted. */
import { type CoreMutant, coreMutant, inFile } from "./core-mutant.js";

const DELETE = "    await ctx.blobs.delete(blob, op);\n";

export const blobMutants: readonly CoreMutant[] = [
  coreMutant(
    "delete-whatever-is-there",
    "A delete compares generation and size: it takes the blob as it is by then.",
    inFile(
      "ops/delete-exactly.ts",
      DELETE,
      "    await ctx.blobs.delete((await ctx.blobs.stat(blob.key, op)) ?? blob, op);\n",
    ),
  ),
  coreMutant(
    "delete-by-generation",
    "A delete compares the size too: it compares the generation only.",
    inFile(
      "ops/delete-exactly.ts",
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
      "ops/delete-exactly.ts",
      DELETE,
      `    const now = await ctx.blobs.stat(blob.key, op);
    await ctx.blobs.delete(now?.size === blob.size ? now : blob, op);
`,
    ),
  ),
  coreMutant(
    "generation-reused",
    "A restored blob has a generation of its own: it gets the one that was archived.",
    inFile("transitions.ts", "restoring: newGeneration() }", "restoring: file.generation }"),
  ),
  coreMutant(
    "generation-anew-each-time",
    "A restore uses the generation that is noted: it takes a new one each time.",
    inFile("transitions.ts", "file.restoring === undefined ? { ...file", "newGeneration ? { ...file"),
  ),
  coreMutant(
    "restore-not-noted",
    "A restore notes the generation before it makes the blob: it makes the blob and notes nothing.",
    inFile(
      "ops/restore.ts",
      "const noted = isNoted(object, keepArchive) ? snapshot :",
      "const noted = keepArchive !== undefined ? snapshot :",
    ),
    inFile(
      "ops/finish-restore.ts",
      "if (snapshot.parts.some(blocks) || files.some((file) => file.restoring === undefined)) return undefined;",
      "",
    ),
    inFile("ops/finish-restore.ts", `file.restoring ?? ""`, '"live-" + ctx.randomId()'),
  ),
  coreMutant(
    "restore-finished-on-a-guess",
    "What no swap proves is made certain before a restore goes by it: it is taken as it was seen.",
    inFile("ops/restore.ts", "isAtRest(seen) ? seen : await confirm(ctx, seen, op)", "seen"),
  ),
  coreMutant(
    "restored-without-prefix",
    "Restored generations start with `restored-`: they look like any other.",
    inFile("ops/restore.ts", "RESTORED_PREFIX + ctx.randomId()", '"live-" + ctx.randomId()'),
  ),
  coreMutant(
    "restore-undone",
    "A restore is finished, never undone: settle deletes the blobs that one has made.",
    inFile(
      "ops/settle.ts",
      `snapshot.parts.some((part) => part.kind === "restored") &&`,
      "snapshot.parts.length < 0 &&",
    ),
    inFile(
      "ops/settle.ts",
      `if (part.kind !== "leftover" && part.kind !== "stray") continue;`,
      `if (part.kind !== "leftover" && part.kind !== "stray" && part.kind !== "restored") continue;`,
    ),
  ),
  coreMutant(
    "restore-commits-unseen",
    "A restore is committed when every file is seen in its blob: it is as soon as none is missing by its own account.",
    inFile("ops/finish-restore.ts", `!now.parts.every((part) => part.kind === "restored")`, "now.parts.length === 0"),
  ),
  coreMutant(
    "leftover-taken-back",
    "A leftover is never taken back as the live blob: a restore saves itself the copy.",
    inFile(
      "ops/finish-restore.ts",
      `part.kind === "leftover" || part.kind === "stray") && !(`,
      `part.kind === "stray") && !(`,
    ),
    inFile(
      "ops/finish-restore.ts",
      `const file = part.kind === "restored" ||`,
      `const file = part.kind === "restored" || part.kind === "leftover" ||`,
    ),
    inFile(
      "ops/finish-restore.ts",
      `!now.parts.every((part) => part.kind === "restored")`,
      `!now.parts.every((part) => part.kind === "restored" || part.kind === "leftover")`,
    ),
  ),
  coreMutant(
    "tail-taken-for-leftover",
    "A blob that has grown is a tail: it is taken for a leftover, whatever its size.",
    inFile("session.ts", "if (blob.size === file.liveBytes) return", "if (blob.size >= file.liveBytes) return"),
  ),
  coreMutant(
    "stray-written-to",
    "A stray is a copy of archived bytes, and deleted: new output is appended to it.",
    inFile("ops/append.ts", `    if (part?.kind === "stray") await deleteExactly(ctx, part.blob, {});\n`, ""),
    inFile("ops/append.ts", `part.kind !== "stray" && "blob" in part`, `"blob" in part`),
  ),
];
