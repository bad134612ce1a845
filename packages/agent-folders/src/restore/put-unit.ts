/** Puts all files of a unit into their places, or none. */
import { crc32 } from "node:zlib";
import { ArchiverError, type Bytes, type OpOptions } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import { makeHeldFolder, newPart } from "../claim/held.js";
import { claimContext, type FolderHost } from "../host.js";
import { rootNamed } from "../paths.js";
import type { Place } from "../source.js";
import { inTheWay } from "./check-place.js";
import { restoredMode } from "./modes.js";
import { stage, unstage } from "./stage.js";
import type { WantedFile } from "./wanted.js";

/** A file, and the mtime that its agent needs it to have, in unix ms. */
export interface Missing {
  readonly wanted: WantedFile;
  readonly mtimeMs: number;
}

/**
 * Every file is laid down aside first; then all get their names, and never over anything. `CONFLICT` if something came
 * to one of the places meanwhile; `QUOTA` if the disk is full. Then what was put back is taken away again.
 */
export async function putUnit(
  host: FolderHost,
  place: Place,
  sessionId: string,
  missing: readonly Missing[],
  op: OpOptions,
): Promise<void> {
  const { files } = host;
  const staged: { readonly part: HeldPart; readonly wanted: WantedFile }[] = [];
  const linked: { readonly part: HeldPart; readonly wanted: WantedFile }[] = [];
  try {
    for (const { wanted, mtimeMs } of missing) {
      const bytes = checked(host, sessionId, wanted, op);
      const file = { mode: restoredMode(wanted.mode), mtimeMs };
      const root = rootNamed(place, wanted.root);
      staged.push({ part: await stage(host, place, root, wanted.path, bytes, file), wanted });
    }
    for (const one of staged) {
      if (!(await files.link(one.part.location, one.wanted.location))) {
        throw inTheWay(one.wanted.location, (await files.look(one.wanted.location)) ?? { kind: "file" });
      }
      linked.push(one);
    }
  } catch (error) {
    for (const { part, wanted } of linked.reverse()) await takeAway(host, place, part, wanted, op);
    for (const { part } of staged) await unstage(host, part);
    throw error;
  }
  const folders = new Set(linked.map(({ wanted }) => wanted.location.slice(0, wanted.location.lastIndexOf("/"))));
  for (const folder of folders) await files.sync(folder);
  for (const { part } of staged) await unstage(host, part);
}

/** The archived bytes. `CONFLICT` at their end if a sweep has archived others since the restore looked at them. */
async function* checked(
  { archiver }: FolderHost,
  id: string,
  { name, size, crc32: expected }: WantedFile,
  op: OpOptions,
): Bytes {
  let at = 0;
  let crc = 0;
  for await (const chunk of archiver.read(id, { name, range: { start: 0, end: size }, ...op })) {
    at += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (at === size && crc === expected) return;
  const message = `The file "${name}" of session "${id}" was archived anew while it was put back: restore it again.`;
  throw new ArchiverError("CONFLICT", message, { id });
}

/**
 * Takes a file away that was just put back. Its agent may have opened it, so it is held aside like one that is freed, and
 * the rule for those lets it go: only if nobody has written to it.
 */
async function takeAway(
  host: FolderHost,
  place: Place,
  part: HeldPart,
  { location, size, crc32: crc }: WantedFile,
  op: OpOptions,
): Promise<void> {
  const { files, rule } = host;
  if ((await files.look(location))?.identity !== part.look.identity || !(await makeHeldFolder(files, part))) return;
  const aside = newPart(claimContext(host, place), part, "original", [part]);
  if (!(await files.rename(location, aside))) return;
  await files.unlink(part.location);
  const look = await files.look(aside);
  if (look)
    await rule.finish(claimContext(host, place), [{ ...part, location: aside, look }], { size, crc32: crc }, op);
}
