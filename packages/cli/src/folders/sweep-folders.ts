/** `sweep --source`: archives the sessions of agents where they lie, and gives the disk back. */
import {
  type FolderHost,
  type FolderPlan,
  type FolderPolicy,
  type FolderReport,
  nodeFiles,
  onlySessions,
  type Place,
  planFolders,
  readCatalogue,
  sweepFolders,
} from "@session-archiver/agent-folders";
import type { AloneContext, CommandContext } from "../command.js";
import { EXIT } from "../exit.js";
import { failureLine } from "../failure-line.js";
import { placesOf } from "../stores/places.js";
import { withContext } from "../with-context.js";
import { isConfirmed } from "./confirm.js";
import { diskMeter } from "./disk.js";
import { planDocument, sweepDocument } from "./documents.js";
import { folderHost } from "./host.js";
import { frees, planText } from "./plan-text.js";
import { reportText, type Told } from "./report-text.js";

/** What to sweep. */
export interface Wanted {
  readonly places: readonly Place[];
  readonly policy: Partial<FolderPolicy>;
  /** Only these sessions, by id. */
  readonly only?: readonly string[] | undefined;
}

export interface FolderSweepRequest {
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Asks at every run, and not only before the first of a folder. */
  readonly asksAlways?: boolean | undefined;
  /** Also where others may write to the files, and on systems where that was not tried. */
  readonly freesAnywhere: boolean;
  find(context: CommandContext, host: FolderHost): Promise<Wanted>;
}

/** One sweep, with its stores open. */
interface Sweep {
  readonly context: CommandContext;
  readonly host: FolderHost;
  readonly wanted: Wanted;
  readonly plan: FolderPlan;
}

/** Resolves to the exit code. */
export async function sweepAgentFolders(alone: AloneContext, request: FolderSweepRequest): Promise<number> {
  const { io, output, options } = alone;
  const files = nodeFiles();
  const meter = await diskMeter(files, placesOf({ ...options, cwd: io.cwd, env: io.env }));
  let exitCode: number = EXIT.ok;
  let swept: (Sweep & { readonly report: FolderReport; readonly left: FolderPlan }) | undefined;
  const access = request.dryRun ? "peek" : "write";
  const allWell = await withContext({ ...options, access }, io, output, async (context) => {
    const host = folderHost(context, files, request);
    const wanted = await request.find(context, host);
    const sweep: Sweep = { context, host, wanted, plan: await planOf(context, host, wanted) };
    for (const failure of sweep.plan.failures) output.note(failureLine(failure));
    const shown = (): Promise<string> => planText(sweep.plan);
    if (request.dryRun) {
      await output.result(planDocument(sweep.plan), async () => `${await shown()}\nA dry run: nothing was changed.`);
    } else if (isIdle(sweep.plan)) await output.result(sweepDocument(sweep.plan, undefined), shown);
    else if (await mayGoOn(sweep, request, shown)) {
      await meter.begin(wanted.places);
      const report = await run(sweep);
      await context.stores.reclaim({ signal: context.signal });
      swept = { ...sweep, report, left: await planOf(context, host, wanted) };
    } else {
      exitCode = EXIT.unconfirmed;
      // A person has just seen the plan.
      await output.result(sweepDocument(sweep.plan, undefined), context.terminal ? "" : shown);
      output.note(
        `Nothing was changed. To go on without being asked, add --yes${request.asksAlways ? "" : "; to free nothing, --keep-originals"}.`,
      );
    }
    return sweep.plan.failures.length === 0;
  });
  if (!swept) return allWell ? exitCode : EXIT.failed;
  // The databases are closed now, so that this is what the disk shows to everybody.
  const told = toldOf(swept.report, swept.left, await meter.freedBytes(swept.wanted.places));
  for (const failure of told.report.failures) output.note(failureLine(failure));
  await output.result(sweepDocument(swept.plan, told), () => reportText(told));
  return allWell && told.report.failures.length === 0 ? EXIT.ok : EXIT.failed;
}

async function planOf(
  { signal }: CommandContext,
  host: FolderHost,
  { places, policy, only }: Wanted,
): Promise<FolderPlan> {
  const plan = await planFolders(host, places, policy, { signal });
  return only ? onlySessions(plan, only) : plan;
}

function isIdle({ steps, held, unsettled, at }: FolderPlan): boolean {
  const isHeld = new Set(held.map(({ sessionId }) => sessionId));
  const isCutShort = unsettled.some(({ sessionId }) => !isHeld.has(sessionId));
  return !isCutShort && steps.every(({ action }) => action === "leave") && held.every(({ dueAt }) => dueAt > at);
}

/**
 * Shows the plan, and asks before files are taken from a folder for the first time. Nobody is there to be asked without a
 * terminal.
 */
async function mayGoOn(
  sweep: Sweep,
  { yes, asksAlways }: FolderSweepRequest,
  shown: () => Promise<string>,
): Promise<boolean> {
  const { context, plan } = sweep;
  const { output, terminal } = context;
  const isFreeing = plan.steps.some(frees);
  if (!yes && isFreeing && (!terminal || output.json)) return false;
  if (!output.json) for (const line of (await shown()).split("\n")) output.note(line);
  if (yes || !isFreeing || (!asksAlways && (await isKnownWell(sweep)))) return true;
  const what = asksAlways
    ? "Take these files away? Their archives hold every byte, and `undo` puts them back."
    : "Archive these sessions, check the archives, and then take the files away? `undo` puts them back.";
  return isConfirmed(context, what);
}

/** Whether an earlier run has freed something of each folder that this one would free something of. */
async function isKnownWell({ context, plan }: Sweep): Promise<boolean> {
  const { sessions } = await readCatalogue(context.archiver, { signal: context.signal });
  const isKnown = ({ source, home }: Place): boolean =>
    sessions.some(({ originals: of }) => of?.run !== undefined && of.source === source.name && of.home === home);
  return plan.steps.filter(frees).every(({ place }) => isKnown(place));
}

function run({ context, host, plan }: Sweep): Promise<FolderReport> {
  const { output, signal } = context;
  const steps = plan.steps.filter(({ action }) => action !== "leave");
  const total = steps.reduce((sum, { bytes }) => sum + bytes, 0);
  return output.withProgress({ label: "sweep", total, unit: "bytes" }, (progress) => {
    let before = 0;
    return sweepFolders(host, plan, {
      signal,
      onProgress: ({ sessionId }) => progress.update(before, sessionId),
      onStep({ step, outcome, why }) {
        before += step.bytes;
        progress.update(before, step.sessionId);
        if (outcome === "left") output.note(`left ${step.sessionId}: ${why}`);
        else progress.finished(`${outcome} ${step.sessionId}`);
      },
    });
  });
}

/** What lies aside is asked of the folders themselves, after the run. */
function toldOf(report: FolderReport, { held }: FolderPlan, freedBytes: number): Told {
  const heldDiskBytes = held.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  const heldUntil = held.length > 0 ? Math.max(...held.map(({ dueAt }) => dueAt)) : undefined;
  return { report, freedBytes, heldDiskBytes, heldUntil };
}
