import { type ForgetResult, failureOf, hasCode } from "@session-archiver/core";
import { type AddCommand, type CommandContext, unlessDryRun } from "../command.js";
import { failureLine } from "../failure-line.js";
import { type ForgetPlan, heldText, planForgetting, planText } from "../forget/plan.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { formatSize } from "../output/sizes.js";
import { count, printable } from "../output/text.js";
import { firstLine } from "../stdin.js";
import type { Erased } from "../stores/open.js";
import { UsageError } from "../usage-error.js";
import { forEachId, WEIGHS_NOTHING } from "./each-id.js";

interface Options extends IdOptions {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly undo?: true;
}

export const addForget: AddCommand = (program, action) => {
  takingIds(program.command("forget"))
    .description("delete all that is known of sessions, for privacy; imports don't bring them back")
    .option("--dry-run", "show what would be deleted, change nothing")
    .option("--yes", "don't ask")
    .option("--undo", "let forgotten sessions be imported again; their bytes are gone")
    .hook("preAction", (_, command) => checkOptions(command.opts<Options>()))
    .action(action(forget, (_words, options: Options) => unlessDryRun(options)));
};

function checkOptions({ undo, dryRun, yes }: Options): void {
  if (undo && (dryRun || yes)) throw new UsageError("--undo asks nothing and deletes nothing: give it alone.");
}

async function forget(context: CommandContext, words: string[], options: Options): Promise<boolean> {
  if (options.undo) return undo(context, words, options);
  const plan = await planForgetting(context, await namedSessions(context, words, options));
  for (const failure of plan.failures) context.output.note(failureLine(failure));
  if (options.dryRun || plan.sessions.length === 0 || !(options.yes || (await isWanted(context, plan)))) {
    if (!options.dryRun && plan.sessions.length > 0) {
      context.output.note("Nothing was forgotten. To delete all of this for good, add --yes.");
    }
    await context.output.result(plan, () => planText(plan));
    return options.dryRun === true && plan.failures.length === 0;
  }
  return carryOut(context, plan);
}

/** Shows what would be deleted; whether a person at a terminal says to delete it. */
async function isWanted({ output, stdin, terminal, signal }: CommandContext, plan: ForgetPlan): Promise<boolean> {
  if (!stdin || !terminal || output.json) return false;
  for (const line of (await planText(plan)).split("\n")) output.note(line);
  output.note("Delete all of this for good? There is no way back. Type yes:");
  return /^yes$/i.test((await firstLine(stdin, signal)).trim());
}

async function carryOut(context: CommandContext, plan: ForgetPlan): Promise<boolean> {
  const { archiver, output, signal } = context;
  const work = async (id: string): Promise<ForgetResult> => {
    // First, as only the session's metadata say which files these are.
    await plan.dropHeld(id);
    return archiver.forget(id, { signal });
  };
  const { all, done, allWell } = await forEachId(context, plan.sessions, work);
  for (const { id } of done) await forgetIdentity(context, id, plan);
  for (const { id, left } of done) {
    for (const { key, reason } of left) output.note(`left: ${id}: ${key === undefined ? "" : `${key}: `}${reason}`);
  }
  if (plan.held.files > 0) output.note(`deleted what a sweep held aside: ${heldText(plan.held)}`);
  const erased = await erase(context);
  for (const source of plan.sources) output.note(`still on disk: ${source} (the agent's own file: delete it yourself)`);
  const document = { sessions: all, sources: plan.sources, erased };
  await output.result(document, done.map(resultText).join("\n"));
  const isErased = erased !== null && erased.unfinished === 0 && erased.setAside.length === 0;
  const isGone = isErased && done.every(({ left }) => left.length === 0);
  return allWell && isGone && plan.failures.length === 0;
}

/**
 * A session whose id is not that of its source, such as one of an earlier version, would come back under that other id.
 * So that gets a tombstone as well.
 */
async function forgetIdentity(
  { archiver, output, signal }: CommandContext,
  id: string,
  plan: ForgetPlan,
): Promise<void> {
  const identity = plan.sessions.find((session) => session.id === id)?.identity;
  if (identity === undefined || identity === id) return;
  try {
    await archiver.info(identity, { signal });
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error;
    await archiver.forget(identity, { evenIfUnknown: true, signal });
    output.note(`also noted as forgotten: ${identity}, under which its source would be imported again`);
  }
}

/** `null` if it could not be done; deleted bytes may then still be read in the database's free space. */
async function erase({ stores, output, signal }: CommandContext): Promise<Erased | null> {
  try {
    const erased = await stores.erase({ signal });
    const { rewrittenBytes, unfinished, setAside, onServers } = erased;
    if (rewrittenBytes > 0) output.note(`Rewrote ${formatSize(rewrittenBytes)} of database, without what was deleted.`);
    if (unfinished > 0) {
      output.note(
        `left: ${count(unfinished, "unfinished write")} of other programs; what they hold is unknown. Run this again when they are done, or in ten minutes.`,
      );
    }
    for (const folder of setAside) {
      output.note(
        `left: ${folder}: a damaged catalogue that a repair has set aside, and that may hold it still. Delete that folder if nothing else in it is needed.`,
      );
    }
    for (const { store, why } of onServers) output.note(`out of reach: ${store}: ${why}`);
    return erased;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    output.note(
      `failed: what was deleted can still be read in free space of the database: ${failureOf("", error).message} Then run this again.`,
    );
    return null;
  }
}

function resultText({ id, liveBytesFreed, archiveBytesFreed }: ForgetResult): string {
  return `forgot ${printable(id)}: ${formatSize(liveBytesFreed)} live, ${formatSize(archiveBytesFreed)} of archives`;
}

async function undo(context: CommandContext, words: string[], options: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  const sessions = await namedSessions(context, words, options);
  const work = async (id: string): Promise<{ id: string }> => {
    await archiver.undoForget(id, { signal });
    return { id };
  };
  const { all, done, allWell } = await forEachId(context, sessions, work, WEIGHS_NOTHING);
  await output.result(all, done.map(({ id }) => `may be imported again: ${printable(id)}`).join("\n"));
  return allWell;
}
