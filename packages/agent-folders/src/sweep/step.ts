/** Does one step of a plan. */
import { hasCode, type OpOptions } from "@session-archiver/core";
import { type KnownSession, knownOf } from "../catalogue.js";
import type { FolderHost } from "../host.js";
import type { Originals, Run } from "../originals.js";
import { withOriginals } from "../originals.js";
import { keyOf } from "../paths.js";
import { originalsIn } from "../read-originals.js";
import type { LeftOut } from "../source.js";
import { isArchived } from "../sums.js";
import { adoptSubagent, type SubagentSession } from "./adopt.js";
import { freeUnit, noteState } from "./free-unit.js";
import { isUnchangedSince } from "./judge-unit.js";
import { mirrorUnit } from "./mirror-unit.js";
import { newFileIn } from "./new-files.js";
import type { FolderStep } from "./plan-types.js";
import type { StepDone, StepOutcome } from "./report.js";

export interface StepContext {
  readonly host: FolderHost;
  readonly run: Run;
  /** `--keep-originals`: what this run archives is to stay. */
  readonly keeps: boolean;
  /** Sessions that earlier imports have made of the unit's other files. */
  readonly subagents: readonly SubagentSession[];
  /** What scans of the place pass over. */
  readonly leftOut: readonly LeftOut[];
  readonly op: OpOptions;
}

/** Archives the unit, and frees it if the plan says so. */
export async function takeStep(context: StepContext, step: FolderStep): Promise<StepDone> {
  const { host, run, keeps, op } = context;
  const { place, unit, sessionId } = step;
  const isFreeing = step.action !== "archive";
  const added = await newFileIn(host, place, unit, context.leftOut);
  if (added !== undefined) return done(step, "left", `"${added}" was added to it meanwhile`);
  const session = await sessionNow(host, sessionId, op);
  const archived = step.action === "free" ? await noteClaim(context, step, session) : undefined;
  if (archived) return { ...(await free(context, step, archived, 0)), adopted: await adopt(context, step, archived) };
  const stays = keeps || (!isFreeing && session?.originals?.keeps === true);
  const note = isFreeing ? { state: "held" as const, run } : { state: "kept" as const, ...(stays && { keeps: true }) };
  const mirrored = await mirrorUnit(host, { place, unit, session, sessionId }, note, op);
  if (mirrored.outcome !== "mirrored") return done(step, "left", `it was ${mirrored.outcome}`);
  const adopted = await adopt(context, step, mirrored.originals);
  if (isFreeing && mirrored.mustStay === undefined) {
    return { ...(await free(context, step, mirrored.originals, mirrored.archiveBytesAdded)), adopted };
  }
  if (isFreeing) await noteState(host, sessionId, "kept", 0, op);
  const why = mirrored.mustStay ?? step.why;
  return { ...done(step, "archived", why), archiveBytesAdded: mirrored.archiveBytesAdded, adopted };
}

export function done(step: FolderStep, outcome: StepOutcome, why: string): StepDone {
  return { step, outcome, why, archiveBytesAdded: 0, freedDiskBytes: 0, heldDiskBytes: 0, adopted: [] };
}

/** The session as the catalogue has it now; `undefined` if there is none. */
export async function sessionNow(
  { archiver }: FolderHost,
  id: string,
  op: OpOptions,
): Promise<KnownSession | undefined> {
  try {
    return knownOf(await archiver.info(id, op));
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * Notes that the files are about to be taken, if the archive holds all of their bytes, which it is read for. `undefined`
 * if it doesn't: then they are to be archived first.
 */
async function noteClaim(
  { host, run, op }: StepContext,
  { unit, sessionId }: FolderStep,
  session: KnownSession | undefined,
): Promise<Originals | undefined> {
  const noted = session?.originals;
  // A session that was brought into live storage is read from there, and may have no archive any more.
  const isArchive = session?.state === "archived" || session?.state === "mirrored";
  if (!noted || !isArchive || !isUnchangedSince(unit, session)) return undefined;
  const here = new Set(unit.members.map(({ root, path }) => keyOf(root, path)));
  for (const [name, member] of Object.entries(noted.members)) {
    if (!here.has(keyOf(member.root, member.path))) continue;
    if (!(await isArchived(host.archiver, sessionId, name, member, op))) return undefined;
  }
  let claimed: Originals | undefined;
  await host.archiver.update(
    sessionId,
    (meta) => {
      const { keeps: _, freedDiskBytes: __, ...rest } = originalsIn(meta) ?? noted;
      claimed = { ...rest, state: "held", run };
      return withOriginals(meta, claimed);
    },
    op,
  );
  return claimed;
}

async function free(
  { host, op }: StepContext,
  step: FolderStep,
  originals: Originals,
  archiveBytesAdded: number,
): Promise<StepDone> {
  const { outcome, reason, ...bytes } = await freeUnit(host, step.place, step.unit, step.sessionId, originals, op);
  const isTaken = outcome === "freed" || outcome === "held";
  const why = isTaken ? (reason ?? step.why) : (reason ?? "it was changed meanwhile: it is left for the next run");
  return { ...done(step, isTaken ? outcome : "archived", why), ...bytes, archiveBytesAdded };
}

async function adopt(
  { host, subagents, op }: StepContext,
  { sessionId }: FolderStep,
  { members }: Originals,
): Promise<readonly string[]> {
  const adopted: string[] = [];
  for (const session of subagents) {
    const { root, path } = session.member;
    const [name] = Object.entries(members).find(([, one]) => one.root === root && one.path === path) ?? [];
    if (name !== undefined && (await adoptSubagent(host.archiver, session, { sessionId, name }, op)))
      adopted.push(session.id);
  }
  return adopted;
}
