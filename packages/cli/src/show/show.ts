/** Shows a session as a conversation to read. */
import { ArchiverError } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { hintFor } from "../failure-line.js";
import { loadMeasure } from "../output/width.js";
import { prunedAsJson, showAsJson } from "./document.js";
import { conversation } from "./draw/conversation.js";
import { headText } from "./draw/head.js";
import { plainText } from "./draw/plain.js";
import type { View } from "./draw/view.js";
import { type JoinedEntry, joinResults } from "./join-results.js";
import type { ShowOptions } from "./options.js";
import { openSource, type Source } from "./source.js";
import { kindOf, type Subject, subjectOf } from "./subject.js";
import { windowOf } from "./window.js";

/** Whether there was something to show. */
export async function show(context: CommandContext, word: string | undefined, given: ShowOptions): Promise<boolean> {
  // Without an id, `--last` says which session; with one, which turns.
  const { last, ...others } = given;
  const options = word === undefined && last === true ? others : given;
  const subject = await subjectOf(context, word, options);
  if (subject.info.state === "pruned") return showPruned(context, subject, options);
  if (context.output.json) return asJson(context, subject, options);
  return context.output.paged(context.signal, async (signal) => {
    const source = await sourceOf({ ...context, signal }, subject);
    const view = await viewOf(context);
    await context.output.raw(headText(subject, view, options.full === true));
    for await (const text of textsOf(subject, source, options, view)) await context.output.raw(text);
    return isWhole(context, source);
  });
}

async function* textsOf(subject: Subject, source: Source, options: ShowOptions, view: View): AsyncGenerator<string> {
  yield "\n";
  if (subject.file !== undefined && !/\.jsonl?$/.test(subject.file)) {
    yield* plainText(source, options, view);
    return;
  }
  const draw = conversation(view, options);
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  for await (const entry of drawn(subject, source, options)) {
    const text = draw(entry);
    if (text === "") continue;
    if (left-- <= 0) return;
    yield text;
  }
}

async function* drawn(subject: Subject, source: Source, options: ShowOptions): AsyncGenerator<JoinedEntry> {
  yield* joinResults(windowOf(source, await kindOf(subject, source), options));
}

/** In a document, unless another number is given. */
const MOST_MESSAGES = 50;

async function asJson(context: CommandContext, subject: Subject, options: ShowOptions): Promise<boolean> {
  const source = await sourceOf(context, subject);
  const limited = { ...options, limit: options.limit ?? MOST_MESSAGES };
  await showAsJson(context.output, subject, source, drawn(subject, source, limited), limited);
  return isWhole(context, source);
}

function sourceOf(context: CommandContext, { info: { id }, file: name, archives }: Subject): Promise<Source> {
  return openSource(context, { id, name, archives });
}

/** Says so if damage was read past: nothing that is shown is wrong, but other commands stop there. */
function isWhole({ output }: CommandContext, source: Source): boolean {
  const damage = source.damage();
  if (damage) output.note(`failed: read past the damage of "${damage.key}".${hintFor(damage.code)} [${damage.code}]`);
  return damage === undefined;
}

async function viewOf({ output }: CommandContext): Promise<View> {
  return { style: output.style, columns: output.columns, measure: await loadMeasure() };
}

/** What it was, and whether it can be had back. */
async function showPruned(context: CommandContext, subject: Subject, options: ShowOptions): Promise<false> {
  const { output } = context;
  const { id, purgedAt, forgottenAt } = subject.info;
  const isGone = purgedAt !== null || forgottenAt !== null;
  const way = isGone ? "Its bytes are gone for good." : "`session-archiver undo-prune` takes that back.";
  const error = new ArchiverError(
    "PRUNED",
    `Session "${id}" was ${forgottenAt === null ? "pruned" : "forgotten"}. ${way}`,
    { id },
  );
  if (output.json) await prunedAsJson(output, subject, error);
  else await output.raw(headText(subject, await viewOf(context), options.full === true));
  output.note(`failed: ${error.message} [${error.code}]`);
  return false;
}
