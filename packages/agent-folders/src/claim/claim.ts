/** Takes the files of one unit from their places: see ADR 0039. */
import { ArchiverError, hasCode, type OpOptions, throwIfAborted } from "@session-archiver/core";
import { backOut } from "./back-out.js";
import type { ClaimContext, Claimed, ClaimResult } from "./claim-types.js";
import { examine } from "./examine.js";
import { makeHeldFolder, newPart, removeEmptyFolders } from "./held.js";
import { type Opened, withOpened } from "./opened.js";
import { checkPlace, placePath } from "./place.js";
import { type Releasable, release } from "./release.js";
import { type Open, takeAside } from "./take-aside.js";

/** See `ClaimRule.claim`. An error means that nothing was moved; `ABORTED`, that all is back in its place. */
export async function claim(ctx: ClaimContext, files: readonly Claimed[], op: OpOptions): Promise<ClaimResult> {
  checkFiles(files);
  return withOpened(ctx.files, async (opened) => {
    const found = await examineAll(ctx, files, opened, op);
    if (typeof found === "string") return { outcome: "conflict", reason: found, freedDiskBytes: 0, heldDiskBytes: 0 };
    try {
      await prepare(ctx, found);
    } catch (error) {
      for (const { claimed } of found) await removeEmptyFolders(ctx.files, claimed);
      throw error;
    }
    return take(ctx, found, op);
  });
}

function checkFiles(files: readonly Claimed[]): void {
  files.forEach(checkPlace);
  const paths = files.map(placePath);
  if (files.length > 0 && new Set(paths).size === paths.length) return;
  throw new ArchiverError("INVALID_ARGUMENT", "Name the files to claim, each of them once.");
}

async function examineAll(
  ctx: ClaimContext,
  files: readonly Claimed[],
  opened: Opened,
  op: OpOptions,
): Promise<readonly Open[] | string> {
  const found: Open[] = [];
  for (const claimed of files) {
    throwIfAborted(op.signal);
    const file = await examine(ctx, claimed, opened, op);
    if (typeof file === "string") return file;
    found.push({ claimed, file });
  }
  return found;
}

/** Everything is put back by link, so a file system without links must be noticed before anything is moved. */
async function prepare(ctx: ClaimContext, found: readonly Open[]): Promise<void> {
  for (const { claimed } of found) {
    if (await makeHeldFolder(ctx.files, claimed)) continue;
    const message = `A link or a file is where parts of "${claimed.path}" are to be held: move it away.`;
    throw new ArchiverError("CONFLICT", message, { key: claimed.path });
  }
  const [first] = found;
  if (!first) return;
  const name = newPart(ctx, first.claimed, "original", []);
  await ctx.files.link(placePath(first.claimed), name);
  await ctx.files.unlink(name);
}

async function take(ctx: ClaimContext, found: readonly Open[], op: OpOptions): Promise<ClaimResult> {
  const taken: Releasable[] = [];
  let reason: string | undefined;
  let failure: unknown;
  try {
    for (const open of found) {
      throwIfAborted(op.signal);
      const part = await takeAside(ctx, open, op);
      if (typeof part === "string") {
        reason = part;
        break;
      }
      taken.push(part);
    }
    reason ??= await successor(ctx, found);
    if (reason === undefined) {
      const end = await release(ctx, taken, op);
      if (end !== "changed") return finished(ctx, taken, end);
      reason = "it was written to while it was taken";
    }
  } catch (error) {
    failure = error;
    reason = error instanceof Error ? error.message : String(error);
  }
  const result = await backOut(
    ctx,
    found.map(({ claimed }) => claimed),
    reason,
  );
  if (hasCode(failure, "ABORTED")) throw failure;
  return result;
}

/** A writer that opens the file by its path for each line makes a new one once it has gone. */
async function successor(ctx: ClaimContext, found: readonly Open[]): Promise<string | undefined> {
  for (const { claimed } of found) {
    if (await ctx.files.look(placePath(claimed))) return "a program wrote to its place while it was taken";
  }
  return undefined;
}

async function finished(
  ctx: ClaimContext,
  taken: readonly Releasable[],
  end: "released" | "somebody" | "unknown",
): Promise<ClaimResult> {
  const diskBytes = taken.reduce((sum, { look }) => sum + look.diskBytes, 0);
  if (end === "released") {
    for (const { place } of taken) await removeEmptyFolders(ctx.files, place);
    return { outcome: "freed", freedDiskBytes: diskBytes, heldDiskBytes: 0 };
  }
  const reason = end === "somebody" ? "a program has it open" : "nothing here shows whether a program has it open";
  return { outcome: "held", reason, freedDiskBytes: 0, heldDiskBytes: diskBytes };
}
