/** Puts a session's files back where its agent reads them: all of the unit, in their exact places, and never over others. */
import { ArchiverError, type OpOptions } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import { partsOf } from "../claim/held.js";
import { claimContext, type FolderHost } from "../host.js";
import { type Originals, versionOf, withOriginals } from "../originals.js";
import { rootNamed } from "../paths.js";
import { originalsIn } from "../read-originals.js";
import type { Place } from "../source.js";
import { restoreAncestors } from "./ancestors.js";
import { checkedLocation, inTheWay } from "./check-place.js";
import { makeFolders } from "./folders.js";
import { judgePlace } from "./judge-place.js";
import { type Missing, putUnit } from "./put-unit.js";
import type { RestoredUnit } from "./restored.js";
import { type WantedFile, wantedFiles } from "./wanted.js";

export interface RestoreUnitOptions extends OpOptions {
  /** Also if its places were noted by another catalogue, and were only found in a manifest. */
  readonly trustRebuilt?: boolean | undefined;
  /**
   * What to do if another file lies in one of the places. `refuse`, the default: `CONFLICT`, and nothing is put back.
   * `leave`: it stays, and the others are put back.
   */
  readonly others?: "refuse" | "leave" | undefined;
}

/**
 * `NOT_FOUND` for an unknown session, and if its agent's folder is gone; `INVALID_ARGUMENT` for one without files of an
 * agent, or if a place is impossible or not trusted; `PRUNED`; `CORRUPT` if its archive is damaged; `CONFLICT` if
 * something else lies in one of the places. None of them leaves a part of the unit behind.
 */
export async function restoreUnit(
  host: FolderHost,
  id: string,
  options: RestoreUnitOptions = {},
  above: readonly string[] = [],
): Promise<RestoredUnit> {
  const op = { signal: options.signal };
  const { archiver } = host;
  const info = await archiver.info(id, op);
  const originals = originalsOf(id, originalsIn(info.meta), options);
  const place = await host.placeOf(originals.source, originals.home);
  const wanted = await wantedFiles(host, place, id, originals, op);
  const chain = [...above, id];
  const again = (other: string): Promise<RestoredUnit> => restoreUnit(host, other, options, chain);
  const found = await restoreAncestors(host, originals, again, chain, op);
  const missing = await missingFiles(host, place, wanted, options);
  const { dated, warnings } = await arranged(host, place, originals.nativeId, wanted, missing);
  if (missing.length > 0) await noteBegun(host, id, op);
  const made = await makeFolders(host, place, originals.folders, missing);
  let restoredBytes = 0;
  try {
    const rest = await putHeldBack(host, place, dated, op);
    await putUnit(host, place, id, rest, op);
    restoredBytes = missing.reduce((sum, { size }) => sum + size, 0);
  } catch (error) {
    for (const folder of made) await host.files.removeFolder(folder);
    throw error;
  }
  await noteRestored(host, id, wanted, op);
  return {
    ...{ id, nativeId: originals.nativeId, source: originals.source, restoredFiles: missing.length, restoredBytes },
    files: wanted.map(({ root, path, location }) => ({ root, path, location })),
    warnings: [...found.warnings, ...warnings],
    ancestors: found.ids,
  };
}

function originalsOf(id: string, originals: Originals | undefined, { trustRebuilt }: RestoreUnitOptions): Originals {
  if (!originals) {
    const message = `Session "${id}" was not made of an agent's files that are noted, so it has no place to be put back to.`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  if (originals.rebuilt && trustRebuilt !== true) {
    const message = `Where the files of session "${id}" lay was not noted by this catalogue, but found in a manifest, which says "${originals.home}": say that you trust it.`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  return originals;
}

async function missingFiles(
  host: FolderHost,
  place: Place,
  wanted: readonly WantedFile[],
  { others }: RestoreUnitOptions,
): Promise<readonly WantedFile[]> {
  const missing: WantedFile[] = [];
  for (const file of wanted) {
    await checkedLocation(host, place, file);
    const found = await judgePlace(host, file);
    if (found.is === "empty") missing.push(file);
    if (found.is === "other" && others !== "leave") throw inTheWay(file.location, found.look);
  }
  return missing;
}

/** The source hears of all files: those that are in their places already are no strangers there. */
async function arranged(
  host: FolderHost,
  place: Place,
  nativeId: string,
  wanted: readonly WantedFile[],
  missing: readonly WantedFile[],
): Promise<{ readonly dated: readonly Missing[]; readonly warnings: readonly string[] }> {
  if (missing.length === 0) return { dated: [], warnings: [] };
  const { mtimesMs, warnings } = await place.source.arrange(place, host.files, nativeId, wanted, host.now());
  const dated = wanted.map((file, i): Missing => ({ wanted: file, mtimeMs: mtimesMs[i] ?? file.mtimeMs }));
  return { dated: dated.filter((one) => missing.includes(one.wanted)), warnings };
}

/** What is held aside goes back as it is. Resolves to the files of which nothing is held. */
async function putHeldBack(
  host: FolderHost,
  place: Place,
  missing: readonly Missing[],
  op: OpOptions,
): Promise<readonly Missing[]> {
  const rest: Missing[] = [];
  for (const one of missing) {
    const { root, path, location } = one.wanted;
    const parts: readonly HeldPart[] = await partsOf(host.files, { root: rootNamed(place, root).path, path });
    if (parts.length > 0) {
      const { outcome, reason } = await host.rule.putBack(claimContext(host, place), parts, op);
      if (outcome !== "back") {
        throw new ArchiverError(
          "CONFLICT",
          `What is held aside of "${location}" could not be put back: ${reason ?? outcome}.`,
        );
      }
    } else rest.push(one);
  }
  return rest;
}

/** From here on, files may lie in their places: if this is cut short, the next sweep brings it to an end. */
async function noteBegun({ archiver }: FolderHost, id: string, op: OpOptions): Promise<void> {
  await archiver.update(
    id,
    (meta) => {
      const originals = originalsIn(meta);
      return originals?.state === "freed" ? withOriginals(meta, { ...originals, state: "held" }) : meta;
    },
    op,
  );
}

/** Reads what lies in the places now, so that only what is proven counts as restored. */
async function noteRestored(host: FolderHost, id: string, wanted: readonly WantedFile[], op: OpOptions): Promise<void> {
  const versions = new Map<string, string>();
  for (const file of wanted) {
    const found = await judgePlace(host, file);
    // A longer one is looked at again by the next sweep.
    if (found.is === "there" && found.look.size === file.size) versions.set(file.name, versionOf(found.look));
  }
  await host.archiver.update(
    id,
    (meta) => {
      const originals = originalsIn(meta);
      if (!originals) return meta;
      const members = Object.entries(originals.members).map(([name, member]) => {
        const now = wanted.find((file) => file.name === name);
        if (!now) return [name, member] as const;
        return [name, { ...member, size: now.size, crc32: now.crc32, version: versions.get(name) ?? "" }] as const;
      });
      const { rebuilt: _, pending, freedDiskBytes: __, ...rest } = originals;
      const restoredAt = Math.trunc(host.now());
      // Of a session whose first archive was cut short, nothing can be put back, so nothing is known of it still.
      const isPending = pending === true && wanted.length < members.length;
      const now = { ...rest, ...(isPending && { pending }), members: Object.fromEntries(members) };
      return withOriginals(meta, { ...now, state: "kept", restoredAt });
    },
    op,
  );
}
