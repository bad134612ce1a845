/** What a plan says of what is held aside: whose it is, whether its time has come, and whether the policy lets it go. */
import { hasCode, type OpOptions, OUTPUT } from "@session-archiver/core";
import type { Catalogue, KnownSession } from "../catalogue.js";
import { HELD_FOLDER } from "../claim/place.js";
import type { FolderHost } from "../host.js";
import type { OriginalMember, Originals } from "../originals.js";
import type { LeftOut, Place } from "../source.js";
import { subagentSessions } from "./adopt.js";
import { isLeftOut } from "./filters.js";
import { heldSteps } from "./held-steps.js";
import type { HeldStep, PlannedHeld } from "./plan-types.js";
import type { FolderPolicy } from "./policy.js";

/** What is held in one place. */
export interface FoundHeld {
  readonly steps: readonly HeldStep[];
  /** Roots of which it can't be seen what is held. */
  readonly leftOut: readonly LeftOut[];
}

/** What can't be seen in one root stops nothing in the others. */
export async function findHeld(
  host: FolderHost,
  catalogue: Catalogue,
  place: Place,
  op: OpOptions,
): Promise<FoundHeld> {
  const steps: HeldStep[] = [];
  const leftOut: LeftOut[] = [];
  for (const root of place.roots) {
    try {
      const found = await heldSteps(host, catalogue, { ...place, roots: [root] }, op);
      steps.push(...found.map((step) => ({ ...step, place })));
    } catch (error) {
      if (!hasCode(error, "UNAVAILABLE")) throw error;
      leftOut.push({ root: root.name, path: HELD_FOLDER, reason: "unreadable" });
    }
  }
  return { steps, leftOut };
}

export interface HeldTerms {
  readonly policy: FolderPolicy;
  /** Unix ms. */
  readonly now: number;
  readonly catalogue: Catalogue;
  /** Why nothing in the place is freed. */
  readonly notFreed: string | undefined;
  /** What the project is called for people. */
  readonly project: string;
}

export function judgeHeld(step: HeldStep, session: KnownSession | undefined, terms: HeldTerms): PlannedHeld {
  const { originals } = session ?? {};
  const kept = session && originals && keptBy(step, session, originals, terms);
  if (kept) return { ...step, due: false, ...kept };
  const why =
    session === undefined
      ? "no session of this store has such a file"
      : step.dueAt > terms.now
        ? "it was not aside for 24 hours yet"
        : undefined;
  return { ...step, due: why === undefined, reason: undefined, why };
}

/** Age and number don't count any more: they let it go when it was taken. */
function keptBy(
  { place }: HeldStep,
  session: KnownSession,
  originals: Originals,
  { policy, now, catalogue, notFreed, project }: HeldTerms,
): Pick<PlannedHeld, "reason" | "why"> | undefined {
  const members = membersOf(originals);
  const unit = { id: originals.unit ?? session.id, members };
  if (session.pinned || subagentSessions(catalogue, place, unit).some(({ pinned }) => pinned)) {
    return { reason: "pinned", why: "it is pinned" };
  }
  if (notFreed !== undefined) return { reason: "not-here", why: notFreed };
  if (policy.free.includes(session.id)) return undefined;
  const filtered = {
    agent: place.source.name,
    projects: [originals.project, project],
    ageMs: now - Math.max(0, ...members.map(({ mtimeMs }) => mtimeMs)),
    bytes: members.reduce((sum, { size }) => sum + size, 0),
  };
  if (isLeftOut(policy, filtered)) return { reason: "filtered", why: "the filters leave it out" };
  return policy.keepOriginals ? { reason: "keeps", why: "originals are to stay" } : undefined;
}

/** The transcript first. */
function membersOf({ members }: Originals): readonly OriginalMember[] {
  return Object.entries(members)
    .sort(([a], [b]) => Number(b === OUTPUT) - Number(a === OUTPUT))
    .map(([, member]) => member);
}
