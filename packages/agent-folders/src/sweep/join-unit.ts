/** Joins what was written anew at places from which files had been taken, and puts the unit back whole. */
import type { FolderHost } from "../host.js";
import { restoreUnit } from "../restore/restore.js";
import type { Member } from "../source.js";
import { isFragmentOf, joinFragment } from "./fragment.js";
import { mirrorUnit } from "./mirror-unit.js";
import type { FolderStep } from "./plan-types.js";
import type { StepDone } from "./report.js";
import { done, type StepContext, sessionNow } from "./step.js";

export async function joinUnit({ host, op }: StepContext, step: FolderStep): Promise<StepDone> {
  const { place, unit, sessionId } = step;
  const session = await sessionNow(host, sessionId, op);
  if (!session) return done(step, "left", "its session was removed meanwhile");
  for (const member of unit.members) {
    if (!(await isFragmentOf(host, place, member, session, op))) continue;
    const why = await joinFragment(host, place, member, session, op);
    if (why !== undefined) return done(step, "left", why);
  }
  // The agent goes on with the session: the rest of the unit belongs to it.
  const { files } = await restoreUnit(host, sessionId, { others: "leave", ...op });
  const members = await looked(host, unit.members, files);
  const { archiveBytesAdded } = await mirrorUnit(
    host,
    { place, unit: { ...unit, members }, session: await sessionNow(host, sessionId, op), sessionId },
    { state: "kept", ...(session.originals?.keeps && { keeps: true }) },
    op,
  );
  return { ...done(step, "joined", step.why), archiveBytesAdded };
}

/** The members as they are now. */
async function looked(
  { files }: FolderHost,
  members: readonly Member[],
  restored: readonly { readonly root: string; readonly path: string; readonly location: string }[],
): Promise<readonly Member[]> {
  const result: Member[] = [];
  for (const member of members) {
    const at = restored.find(({ root, path }) => root === member.root && path === member.path);
    const look = at && (await files.look(at.location));
    result.push(look ? { ...member, look } : member);
  }
  return result;
}
