/** Lets go of what earlier runs hold aside, or puts it back; and brings to an end what was cut short. */
import { hasCode, type OpOptions } from "@session-archiver/core";
import type { WriterCheck } from "../claim/claim-types.js";
import { partsOf } from "../claim/held.js";
import { placePath } from "../claim/place.js";
import { claimContext, type FolderHost } from "../host.js";
import type { OriginalMember, Originals } from "../originals.js";
import { restoreUnit } from "../restore/restore.js";
import type { Place } from "../source.js";
import { isArchived, type Sum } from "../sums.js";
import { archiveOtherContents } from "./archive-part.js";
import { noteState, removeFolders } from "./free-unit.js";
import type { HeldStep, PlannedHeld } from "./plan-types.js";
import type { FinishDone } from "./report.js";
import { sessionNow } from "./step.js";
import { isAnyHere, isTornApart } from "./torn-apart.js";

export interface Finished {
  readonly done: readonly FinishDone[];
  /** Its files were put back, so what a plan says of them is out of date. */
  readonly isBack: boolean;
}

/**
 * All that is held of one session; perhaps nothing, if a run was cut short. If the policy keeps it, if it was pinned since,
 * or if it is live (`idleMs`: see `LiveOptions`), nothing is let go; what has changed is put back all the same.
 */
export async function finishHeld(
  host: FolderHost,
  place: Place,
  sessionId: string,
  steps: readonly PlannedHeld[],
  idleMs: number,
  op: OpOptions,
): Promise<Finished> {
  const session = await sessionNow(host, sessionId, op);
  const originals = session?.originals;
  const wish = session?.pinned ? "it is pinned" : steps.find(({ reason }) => reason !== undefined)?.why;
  const isCutShort = originals?.state === "held" && !originals.pending;
  if (originals && isCutShort && (await isTornApart(host, place, originals, steps))) {
    await restoreUnit(host, sessionId, { others: "leave", ...op });
    const why = "a run was cut short while it took it";
    return { isBack: true, done: steps.map((step) => ({ step, outcome: "back", why, freedDiskBytes: 0 })) };
  }
  const live = originals && steps.length > 0 ? await whyLive(host, place, sessionId, originals, idleMs, op) : undefined;
  // Nothing of a live session goes because of its age: its agent may write after any time.
  const kept = wish ?? live;
  const done: FinishDone[] = [];
  for (const step of steps) done.push(await finishOne(host, sessionId, originals, step, kept, op));
  if (!originals || originals.pending) return { isBack: false, done };
  if (done.some(({ outcome }) => outcome === "back") || (await isAnyNewer(host, steps))) {
    // Its agent has gone on with it: the other files of the unit belong to it.
    await restoreUnit(host, sessionId, { others: "leave", ...op });
    for (const step of steps) await archiveOthers(host, sessionId, originals, step, op);
    return { isBack: true, done };
  }
  if (originals.state === "kept" || done.some(({ outcome }) => outcome !== "freed")) return { isBack: false, done };
  if (await isAnyHere(host, place, originals)) {
    await noteState(host, sessionId, "kept", 0, op);
    return { isBack: false, done };
  }
  const folderBytes = await removeFolders(host, place, originals.folders);
  const freed = done.reduce((sum, { freedDiskBytes }) => sum + freedDiskBytes, folderBytes);
  await noteState(host, sessionId, "freed", freed, op);
  const [first, ...others] = done;
  const counted = first && { ...first, freedDiskBytes: first.freedDiskBytes + folderBytes };
  return { isBack: false, done: counted ? [counted, ...others] : [] };
}

/** Nothing is let go that somebody may write to, however long it was aside. */
const SOMEBODY: WriterCheck = { writers: async () => "somebody" };

async function finishOne(
  host: FolderHost,
  sessionId: string,
  originals: Originals | undefined,
  step: HeldStep,
  kept: string | undefined,
  op: OpOptions,
): Promise<FinishDone> {
  const context = claimContext(host, step.place);
  const archived = originals && !originals.pending ? await archivedOf(host, sessionId, originals, step, op) : undefined;
  const { outcome, reason, freedDiskBytes } = await host.rule.finish(
    kept === undefined ? context : { ...context, check: SOMEBODY },
    step.parts,
    archived,
    op,
  );
  const is = outcome === "conflict" ? "held" : outcome;
  const why = is === "held" ? (kept ?? reason) : reason;
  return { step, outcome: is, why: why ?? words(is, archived), freedDiskBytes };
}

/** Why the session counts as live, although its files are aside: its agent may hold them open, under a lock that shows it. */
async function whyLive(
  { files, now }: FolderHost,
  place: Place,
  id: string,
  { nativeId, project, needs }: Originals,
  idleMs: number,
  op: OpOptions,
): Promise<string | undefined> {
  const live = await place.source.live(place, files, { now: now(), idleMs, ...op });
  return live({ id, nativeId, project, needs, members: [], folders: [], lastModifiedMs: 0 });
}

/** Whether something lies at a place of which something is held aside still: another content of the file. */
async function isAnyNewer({ files }: FolderHost, steps: readonly HeldStep[]): Promise<boolean> {
  for (const { parts } of steps) {
    const [part] = parts;
    if (part && (await files.look(placePath(part))) && (await partsOf(files, part)).length > 0) return true;
  }
  return false;
}

async function archiveOthers(
  host: FolderHost,
  sessionId: string,
  originals: Originals,
  step: HeldStep,
  op: OpOptions,
): Promise<void> {
  const [name] = memberAt(originals, step) ?? [];
  if (name === undefined) return;
  const archived = await archivedOf(host, sessionId, originals, step, op);
  await archiveOtherContents(host, sessionId, step, name, archived, op);
}

function memberAt({ members }: Originals, { root, path }: HeldStep): readonly [string, OriginalMember] | undefined {
  return Object.entries(members).find(([, member]) => member.root === root && member.path === path);
}

/** What the archive holds of the file, after it was read. */
async function archivedOf(
  { archiver }: FolderHost,
  sessionId: string,
  originals: Originals,
  step: HeldStep,
  op: OpOptions,
): Promise<Sum | undefined> {
  const entry = memberAt(originals, step);
  if (!entry) return undefined;
  const [name, { size, crc32 }] = entry;
  try {
    return (await isArchived(archiver, sessionId, name, { size, crc32 }, op)) ? { size, crc32 } : undefined;
  } catch (error) {
    // It is no archive of the file any more: what is held stays.
    if (hasCode(error, "CORRUPT", "NOT_FOUND", "PRUNED")) return undefined;
    throw error;
  }
}

function words(outcome: FinishDone["outcome"], archived: Sum | undefined): string {
  if (outcome === "freed") return "nobody can write to it any more";
  if (outcome === "back") return "it was written to after it had been taken";
  return archived ? "somebody may still write to it" : "no archive of this store has all of its bytes";
}
