/** Where parts are held, and what is held there. Everything is found by names: nothing else remembers a claim. */
import { ArchiverError, type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { FileLook, Files } from "../files.js";
import type { ClaimContext, HeldPart, PartKind } from "./claim-types.js";
import { parsePartName, partName } from "./part-names.js";
import { folderOf, heldFolder, type Place, pathHeldIn } from "./place.js";

const PRIVATE = 0o700;
/** The end of the year 9999: later times don't fit into names. */
const TIME_MAX = 253_402_300_799_999;

/** The parts of one place, oldest first. */
export async function partsOf(files: Files, place: Place): Promise<readonly HeldPart[]> {
  const folder = heldFolder(place);
  if (!(await isReached(files, place.root, folder))) return [];
  const parts: HeldPart[] = [];
  for (const name of await files.list(folder)) {
    const part = partAt(place, name, await files.look(`${folder}/${name}`));
    if (part) parts.push(part);
  }
  return parts.sort(byAge);
}

function byAge(a: HeldPart, b: HeldPart): number {
  return a.at - b.at || (a.location < b.location ? -1 : 1);
}

function partAt(place: Place, name: string, look: FileLook | undefined): HeldPart | undefined {
  const named = parsePartName(name);
  if (!named || look?.kind !== "file") return undefined;
  return { root: place.root, path: place.path, location: `${heldFolder(place)}/${name}`, look, ...named };
}

/** Whether the path leads from the root through folders alone: what lies behind a link is not ours. */
export async function isReached(files: Files, root: string, folder: string): Promise<boolean> {
  for (const path of steps(root, folder)) {
    if ((await files.look(path))?.kind !== "folder") return false;
  }
  return true;
}

/** Every folder on the way from the root to this one, which is the last. */
export function steps(root: string, folder: string): string[] {
  const names = folder.slice(root.length).split("/").filter(Boolean);
  return names.map((_, index) => [root.replace(/\/$/, ""), ...names.slice(0, index + 1)].join("/"));
}

/** See `ClaimRule.heldParts`: those of a place together, oldest first. Links and files of other names are passed over. */
export async function* heldParts(files: Files, root: string, op: OpOptions): AsyncGenerator<HeldPart> {
  const top = heldFolder({ root, path: "" });
  if ((await files.look(top))?.kind !== "folder") return;
  yield* partsBelow(files, root, "", op);
}

/** `way`: how the folder is reached from the folder of all that is held. */
async function* partsBelow(files: Files, root: string, way: string, op: OpOptions): AsyncGenerator<HeldPart> {
  throwIfAborted(op.signal);
  const top = heldFolder({ root, path: "" });
  const folder = way === "" ? top : `${top}/${way}`;
  const path = pathHeldIn(way);
  const below: string[] = [];
  const parts: HeldPart[] = [];
  for (const name of await files.list(folder)) {
    const look = await files.look(`${folder}/${name}`);
    if (look?.kind === "folder") below.push(way === "" ? name : `${way}/${name}`);
    const part = path === undefined ? undefined : partAt({ root, path }, name, look);
    if (part) parts.push(part);
  }
  yield* parts.sort(byAge);
  for (const next of below) yield* partsBelow(files, root, next, op);
}

/** Makes the folder for parts of this place. `false`: a link or a file is in the way. */
export async function makeHeldFolder(files: Files, place: Place): Promise<boolean> {
  return makeFolders(files, place.root, heldFolder(place), PRIVATE);
}

/** How often a folder may be taken away by others, who remove empty ones, before its maker gives up. */
const FOLDER_TRIES = 20;

/**
 * Makes a folder below the root, never through a link. `false`: something else is in the way. `UNAVAILABLE` if others
 * remove it again and again while it is empty: those who end a claim beside this one, or an agent's own clean-up.
 */
export async function makeFolders(files: Files, root: string, folder: string, mode: number): Promise<boolean> {
  for (let tries = 0; tries < FOLDER_TRIES; tries++) {
    const made = await tryMakeFolders(files, root, folder, mode);
    if (made !== "gone") return made === "made";
  }
  throw new ArchiverError("UNAVAILABLE", `Others keep removing "${folder}": try again.`, { key: folder });
}

async function tryMakeFolders(
  files: Files,
  root: string,
  folder: string,
  mode: number,
): Promise<"made" | "gone" | "in the way"> {
  for (const path of steps(root, folder)) {
    try {
      if ((await files.look(path)) === undefined) {
        await files.makeFolder(path, mode);
        await files.sync(folderOf(path));
      }
    } catch (error) {
      if ((await files.look(folderOf(path))) === undefined) return "gone";
      throw error;
    }
    const look = await files.look(path);
    if (!look) return "gone";
    if (look.kind !== "folder") return "in the way";
  }
  return "made";
}

/** A fresh name for a part, later than all that are held of this place, whatever the clock says. */
export function newPart(ctx: ClaimContext, place: Place, kind: PartKind, parts: readonly HeldPart[]): string {
  const at = parts.reduce((latest, part) => Math.max(latest, part.at + 1), Math.max(0, Math.trunc(ctx.now())));
  if (at > TIME_MAX) {
    const where = heldFolder(place);
    throw new ArchiverError("CONFLICT", `A file in "${where}" has a time in its name that is too late: move it away.`);
  }
  return `${heldFolder(place)}/${partName(kind, at, ctx.randomId())}`;
}

/** Removes the place's held folder and those above it that are empty. One that stays does no harm. */
export async function removeEmptyFolders(files: Files, place: Place): Promise<void> {
  const folders = steps(place.root, heldFolder(place)).reverse();
  for (const folder of folders) await files.removeFolder(folder).catch(() => false);
}
