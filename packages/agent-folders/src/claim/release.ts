/** The end of a claim: the last names of files go, if nobody can write to them any more. */
import type { OpOptions } from "@session-archiver/core";
import type { FileLook, OpenFile } from "../files.js";
import type { ClaimContext, Extent } from "./claim-types.js";
import { extentOf, isSameExtent, readPieces } from "./content.js";
import { makeHeldFolder, newPart, partsOf } from "./held.js";
import { copiedPath } from "./part-names.js";
import type { Place } from "./place.js";
import { modeOf } from "./write-whole.js";

/** A part that may go, if nothing changes. */
export interface Releasable {
  readonly place: Place;
  readonly location: string;
  readonly file: OpenFile;
  /** As it was when all of its bytes had been read. */
  readonly look: FileLook;
  /** Its bytes, which are archived or published. */
  readonly extent: Extent;
  /** What of its beginning is in a published file, as its name says. */
  readonly copied?: Extent | undefined;
  /** It has been aside long enough to go without proof. */
  readonly isOld: boolean;
}

/** changed: bytes came meanwhile. All of the parts are aside again, those with new bytes as `last-bytes`. */
export type Release = "released" | "changed" | "somebody" | "unknown";

/** A writer that never stops is followed for this long. */
const COPIES_MAX = 8;

/** All of them, or none. */
export async function release(ctx: ClaimContext, parts: readonly Releasable[], op: OpOptions): Promise<Release> {
  const shown = await Promise.all(parts.map(({ look }) => ctx.check.writers(look, op)));
  if (shown.includes("somebody")) return "somebody";
  if (parts.some(({ isOld }, index) => shown[index] !== "nobody" && !isOld)) return "unknown";
  // A program that had it open until then may have written just before, and set the times back: bytes alone count.
  for (const part of parts) if (!(await isUnchanged(part))) return "changed";
  for (const { location } of parts) await ctx.files.unlink(location);
  const late = [];
  for (const part of parts) if (!(await isSameContent(part))) late.push(part);
  if (late.length === 0) return "released";
  for (const part of late) await writeOut(ctx, part);
  for (const part of parts) if (!late.includes(part)) await writeOut(ctx, part);
  return "changed";
}

async function isUnchanged(part: Releasable): Promise<boolean> {
  const now = await part.file.look();
  if (now.links !== 1) return false;
  return isSameContent(part);
}

async function isSameContent({ file, extent }: Releasable): Promise<boolean> {
  const now = await file.look();
  return now.size === extent.size && isSameExtent(await extentOf(file, now.size), extent);
}

export function isSameLook(a: FileLook, b: FileLook): boolean {
  return a.identity === b.identity && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** A file without a name lives as long as it is open: its bytes get a name again. */
async function writeOut(ctx: ClaimContext, { place, file, copied }: Releasable): Promise<void> {
  let earlier: string | undefined;
  for (let copies = 0; copies < COPIES_MAX; copies++) {
    const look = await file.look();
    // Another run may have removed it when it had become empty.
    await makeHeldFolder(ctx.files, place);
    const fresh = newPart(ctx, place, "last-bytes", await partsOf(ctx.files, place));
    const path = copied ? copiedPath(fresh, copied) : fresh;
    const mtimeMs = Number(BigInt(look.mtimeNs) / 1_000_000n);
    const body = readPieces([{ file, start: 0, end: look.size }]);
    await ctx.files.write(path, body, { mode: modeOf(look), mtimeMs });
    if (earlier !== undefined) await ctx.files.unlink(earlier);
    if (isSameLook(await file.look(), look)) return;
    earlier = path;
  }
}
