/** Takes the files of an archived unit from their places, and the folders that were for it alone. */
import { type OpOptions, OUTPUT } from "@session-archiver/core";
import type { ClaimResult } from "../claim/claim-types.js";
import { claimContext, type FolderHost } from "../host.js";
import { type OriginalMember, type Originals, withOriginals } from "../originals.js";
import { keyOf, locationIn, rootNamed } from "../paths.js";
import { originalsIn } from "../read-originals.js";
import { restoreUnit } from "../restore/restore.js";
import type { Place, Unit } from "../source.js";
import { isAnyHere, isTornApart } from "./torn-apart.js";

/** `originals`: as noted, with the state `held`, and so before the first file is touched. */
export async function freeUnit(
  host: FolderHost,
  place: Place,
  unit: Unit,
  sessionId: string,
  originals: Originals,
  op: OpOptions,
): Promise<ClaimResult> {
  // The transcript goes last, and comes back first: agents clean up what lies beside one that is absent.
  const inOrder = [...claimedOf(unit, originals)].sort(([a], [b]) => Number(a === OUTPUT) - Number(b === OUTPUT));
  const claimed = inOrder.flatMap(([, { root, path, size, crc32 }]) => {
    const look = unit.members.find((member) => member.root === root && member.path === path)?.look;
    return look ? [{ root: rootNamed(place, root).path, path, look, size, crc32 }] : [];
  });
  if (claimed.length !== unit.members.length) {
    return { outcome: "conflict", reason: "not all of its files are noted", freedDiskBytes: 0, heldDiskBytes: 0 };
  }
  const result = await host.rule.claim(claimContext(host, place), claimed, op);
  if (result.outcome === "held") {
    await noteState(host, sessionId, "held", result.freedDiskBytes, op);
    return result;
  }
  const own = { ...originals, members: Object.fromEntries(claimedOf(unit, originals)) };
  if (result.outcome !== "freed" && (await isAnyHere(host, place, own))) {
    // Some may be gone for good when another turns out to have changed: the archive has them.
    if (await isTornApart(host, place, own, [])) await restoreUnit(host, sessionId, { others: "leave", ...op });
    else await noteState(host, sessionId, "kept", 0, op);
    return result;
  }
  const freedDiskBytes = result.freedDiskBytes + (await removeFolders(host, place, originals.folders));
  await noteState(host, sessionId, "freed", freedDiskBytes, op);
  return { ...result, outcome: "freed", freedDiskBytes };
}

/** What is noted of the unit's files, without those that its agent has deleted. */
function claimedOf({ members }: Unit, originals: Originals): readonly (readonly [string, OriginalMember])[] {
  const here = new Set(members.map(({ root, path }) => keyOf(root, path)));
  return Object.entries(originals.members).filter(([, { root, path }]) => here.has(keyOf(root, path)));
}

/** `kept`: no run has freed it. */
export async function noteState(
  { archiver }: FolderHost,
  sessionId: string,
  state: Originals["state"],
  freedDiskBytes: number,
  op: OpOptions,
): Promise<void> {
  await archiver.update(
    sessionId,
    (meta) => {
      const originals = originalsIn(meta);
      if (!originals) return meta;
      const { run, freedDiskBytes: before = 0, ...rest } = originals;
      if (state === "kept") return withOriginals(meta, { ...rest, state });
      return withOriginals(meta, { ...rest, ...(run && { run }), state, freedDiskBytes: before + freedDiskBytes });
    },
    op,
  );
}

/** Only empty ones go. Resolves to the bytes of disk that they took up. */
export async function removeFolders(
  { files }: FolderHost,
  place: Place,
  folders: Originals["folders"],
): Promise<number> {
  let freed = 0;
  for (const { root, path } of folders) {
    const location = locationIn(rootNamed(place, root), path);
    const look = await files.look(location);
    if (look?.kind === "folder" && (await files.removeFolder(location))) freed += look.diskBytes;
  }
  return freed;
}
