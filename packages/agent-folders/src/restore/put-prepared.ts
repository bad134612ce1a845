/** Puts the files of one session back that are not in their places. */
import { ArchiverError, type OpOptions } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import { partsOf } from "../claim/held.js";
import { claimContext, type FolderHost } from "../host.js";
import { versionOf, withOriginals } from "../originals.js";
import { rootNamed } from "../paths.js";
import { originalsIn } from "../read-originals.js";
import type { Place } from "../source.js";
import { makeFolders } from "./folders.js";
import { judgePlace } from "./judge-place.js";
import { arranged, type Prepared } from "./prepare.js";
import { type Missing, putUnit } from "./put-unit.js";
import type { RestoredUnit } from "./restored.js";
import type { WantedFile } from "./wanted.js";

/** All of them, or none. It says nothing of `ancestors`, and of warnings only those that hold at this moment. */
export async function putPrepared(host: FolderHost, prepared: Prepared, op: OpOptions): Promise<RestoredUnit> {
  const { id, originals, place, wanted, missing } = prepared;
  const { dated, warnings } = await arranged(host, prepared);
  if (missing.length > 0) await noteBegun(host, id, op);
  const made = await makeFolders(host, place, originals.folders, missing);
  try {
    const rest = await putHeldBack(host, place, dated, op);
    await putUnit(host, place, id, rest, op);
  } catch (error) {
    for (const folder of made) await host.files.removeFolder(folder);
    throw error;
  }
  await noteRestored(host, id, wanted, op);
  return {
    ...{ id, nativeId: originals.nativeId, source: originals.source },
    restoredFiles: missing.length,
    restoredBytes: missing.reduce((sum, { size }) => sum + size, 0),
    files: wanted.map(({ root, path, location }) => ({ root, path, location })),
    warnings,
    ancestors: [],
  };
}

/** Those of its warnings that hold now. */
export async function settledWarnings(
  { files }: FolderHost,
  { place, originals: { nativeId }, wanted }: Prepared,
  warnings: readonly string[],
): Promise<readonly string[]> {
  if (warnings.length === 0) return warnings;
  return (await place.source.stillTrue?.(place, files, nativeId, wanted, warnings)) ?? warnings;
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
