/**
 * Looks at agents' folders and decides what a sweep would do with each session. Opens no file that is known not to have
 * changed, and changes nothing.
 */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";
import { type Catalogue, readCatalogue, sessionOf } from "../catalogue.js";
import type { FolderHost } from "../host.js";
import { keyOf, locationIn, rootNamed } from "../paths.js";
import type { Place, Unit } from "../source.js";
import { subagentSessions } from "./adopt.js";
import { elsewhere } from "./elsewhere.js";
import { isFragmentOf } from "./fragment.js";
import { type Candidate, isUnchangedSince, judge, lastActivityOf, type Verdict } from "./judge-unit.js";
import { needed } from "./needed.js";
import { estimate, type Found, summaryOf } from "./plan-figures.js";
import { findHeld, judgeHeld } from "./plan-held.js";
import type { FolderPlan, FolderStep, HeldStep } from "./plan-types.js";
import { daysToMs, type FolderPolicy, folderPolicy } from "./policy.js";
import { projectNames } from "./project-names.js";
import { ranksOf } from "./rank.js";

/** Errors of the store and of file systems; `INVALID_ARGUMENT` for an impossible policy. */
export async function planFolders(
  host: FolderHost,
  places: readonly Place[],
  given: Partial<FolderPolicy> = {},
  op: OpOptions = {},
): Promise<FolderPlan> {
  const policy = folderPolicy(given);
  const catalogue = await readCatalogue(host.archiver, op);
  const at = host.now();
  const found: Found[] = [];
  for (const place of places) found.push(await lookAt(host, catalogue, place, policy, at, op));
  const candidates: Candidate[] = [];
  const counts = countUnits(found);
  for (const one of found) candidates.push(...(await candidatesIn(host, catalogue, one, counts, op)));
  const ranks = ranksOf(candidates, policy);
  const nameOf = projectNames([...candidates, ...found.flatMap((one) => namedHeld(catalogue, one))]);
  const judged = candidates.map((candidate) => {
    const ranked = { ...candidate, rank: ranks.get(candidate.unit), project: nameOf(candidate) };
    return stepOf(ranked, judge(ranked, policy, at));
  });
  const steps = sorted(await needed(host, judged, op));
  const held = found.flatMap((one) =>
    namedHeld(catalogue, one).map((named) => {
      const terms = { policy, now: at, catalogue, notFreed: one.notFreed, project: nameOf(named) };
      return judgeHeld(named.step, named.session, terms);
    }),
  );
  const { freesDiskBytes, archiveBytesEstimate } = estimate(steps, held, catalogue);
  const summaries = found.map((one) => summaryOf(one, at));
  return {
    policy,
    at,
    steps,
    held,
    unsettled: places.flatMap((place) => unsettledIn(catalogue, place)),
    places: summaries,
    failures: catalogue.failures,
    freesDiskBytes,
    archiveBytesEstimate,
  };
}

function unsettledIn({ sessions }: Catalogue, place: Place): FolderPlan["unsettled"] {
  return sessions.flatMap(({ id, originals }) => {
    const isHere = originals?.source === place.source.name && originals.home === place.home;
    return isHere && originals.state === "held" ? [{ place, sessionId: id }] : [];
  });
}

async function lookAt(
  host: FolderHost,
  catalogue: Catalogue,
  place: Place,
  policy: FolderPolicy,
  now: number,
  op: OpOptions,
): Promise<Found> {
  throwIfAborted(op.signal);
  const { source } = place;
  const notFreed = await host.mayFree(place);
  const scan = await source.scan(place, host.files, { known: catalogue.known(place), ...op });
  const live = await source.live(place, host.files, { now, idleMs: daysToMs(policy.idleDays), ...op });
  return { place, scan, live, notFreed, held: await findHeld(host, catalogue, place, op) };
}

/** What is held, with whose it is. */
function namedHeld(catalogue: Catalogue, { place, held }: Found): readonly NamedHeld[] {
  return held.steps.map((step) => {
    const session = step.sessionId === undefined ? undefined : catalogue.get(step.sessionId);
    return { place, step, session, unit: { project: session?.originals?.project ?? "" } };
  });
}

interface NamedHeld extends Pick<Candidate, "place" | "session"> {
  readonly step: HeldStep;
  readonly unit: Pick<Unit, "project">;
}

/** How many units have each id: in one home or several. */
function countUnits(found: readonly Found[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { scan } of found) for (const { id } of scan.units) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

async function candidatesIn(
  host: FolderHost,
  catalogue: Catalogue,
  { place, scan, live, notFreed }: Found,
  counts: ReadonlyMap<string, number>,
  op: OpOptions,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const unit of scan.units) {
    const [first] = unit.members;
    if (!first) continue;
    const location = locationIn(rootNamed(place, first.root), first.path);
    const session = sessionOf(catalogue, place, unit, location);
    const isUnchanged = session !== undefined && session.state !== "pruned" && isUnchangedSince(unit, session);
    const lastActivityMs = lastActivityOf(unit, session, isUnchanged);
    const isPinned = session?.pinned || subagentSessions(catalogue, place, unit).some(({ pinned }) => pinned);
    let obstacle: Verdict | undefined;
    if ((counts.get(unit.id) ?? 0) > 1) {
      obstacle = {
        action: "leave",
        reason: "two-files",
        why: "two files are of this session",
      };
    } else if (!isUnchanged && session) {
      obstacle = (await elsewhere(host, place, unit, session)) ?? (await joinable(host, place, unit, session, op));
    }
    const bytes = unit.members.reduce((sum, { look }) => sum + look.size, 0);
    candidates.push({
      ...{
        place,
        unit,
        session,
        isUnchanged,
        bytes,
        lastActivityMs,
        isPinned,
        notFreed,
        obstacle,
        project: unit.project,
      },
      ...{ live: live(unit), rank: undefined },
    });
  }
  return candidates;
}

async function joinable(
  host: FolderHost,
  place: Place,
  unit: Unit,
  session: NonNullable<Candidate["session"]>,
  op: OpOptions,
): Promise<Verdict | undefined> {
  for (const member of unit.members) {
    if (await isFragmentOf(host, place, member, session, op)) {
      const why = "its agent went on at a place from which the file had been taken";
      return { action: "join", reason: undefined, why };
    }
  }
  return undefined;
}

function stepOf({ place, unit, session, project, bytes, lastActivityMs }: Candidate, verdict: Verdict): FolderStep {
  const diskBytes = unit.members.reduce((sum, { look }) => sum + look.diskBytes, 0);
  const keeps = session?.originals?.keeps === true;
  const sessionId = session?.id ?? unit.id;
  return { place, unit, sessionId, project, ...verdict, bytes, diskBytes, lastActivityMs, keeps };
}

/** By place, project and last activity. */
function sorted(steps: readonly FolderStep[]): readonly FolderStep[] {
  const keyed = steps.map((step) => {
    const { place, project } = step;
    return { step, key: keyOf(place.source.name, place.home, project) };
  });
  keyed.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -1 : 1;
    return a.step.lastActivityMs - b.step.lastActivityMs || (a.step.unit.id < b.step.unit.id ? -1 : 1);
  });
  return keyed.map(({ step }) => step);
}
