/** Extracts facts about sessions that are in the store already. */
import { type DescribeResult, type ListedSession, type SessionFailure, throwIfAborted } from "@session-archiver/core";
import { sessionMatcher } from "@session-archiver/search";
import { transcriptDescriber } from "@session-archiver/transcripts";
import type { CommandContext } from "../command.js";
import { forEachId } from "../commands/each-id.js";
import { failureLine } from "../failure-line.js";
import type { Named } from "../ids.js";
import { count } from "../output/text.js";
import { filterFrom } from "../select/filter.js";
import { newestFirst } from "../select/newest-first.js";
import { isSelecting, type SelectOptions, selected } from "../select/selected.js";

export interface FactsOptions extends SelectOptions {
  readonly refresh?: true;
}

/** The document of `facts --json`. */
export interface FactsDocument {
  readonly schemaVersion: 1;
  readonly kind: "facts";
  readonly sessions: readonly (Pick<DescribeResult, "id" | "outcome"> | SessionFailure)[];
}

/** Nothing of the others can be read. */
const READABLE = ["live", "archived", "mirrored", "resumed"] as const;

export async function facts(context: CommandContext, words: string[], options: FactsOptions): Promise<boolean> {
  const { archiver, output, signal } = context;
  const { refresh } = options;
  const chosen = await sessionsFor(context, words, options);
  const { all, done, allWell } = await output.withProgress(
    { label: "facts", total: chosen.length, unit: "sessions" },
    (progress) => {
      let begun = 0;
      return forEachId(context, chosen, async (id) => {
        progress.update(begun++, id);
        const { outcome } = await archiver.describe(id, { refresh, signal });
        return { id, outcome };
      });
    },
  );
  const document: FactsDocument = { schemaVersion: 1, kind: "facts", sessions: all };
  await output.result(document, textOf(done, allWell));
  return allWell;
}

function textOf(done: readonly Pick<DescribeResult, "outcome">[], allWell: boolean): string {
  const number = (outcome: DescribeResult["outcome"]): number => done.filter((one) => one.outcome === outcome).length;
  const others = [
    number("unchanged") > 0 && `${number("unchanged")} had them already`,
    number("empty") > 0 && `${number("empty")} without a line`,
  ].filter((text) => text !== false);
  const more = others.length > 0 ? ` (${others.join(", ")})` : "";
  if (done.length === 0) return allWell ? "No session lacks facts." : "No facts were noted.";
  return `Facts of ${count(number("described"), "session")} noted${more}.`;
}

/** Those that were named or fit; without `--refresh` and names, those of them that lack facts. */
async function sessionsFor(
  context: CommandContext,
  words: readonly string[],
  options: FactsOptions,
): Promise<readonly Named[]> {
  const isAll = !isSelecting(words, options);
  if (words.length > 0 || options.last || options.limit !== undefined)
    return selected(context, words, options, READABLE);
  const matches = sessionMatcher(await filterFrom({ state: READABLE, ...(isAll ? {} : options) }, context));
  const found: Named[] = [];
  for await (const info of newestFirst(context, (failure) => context.output.note(failureLine(failure)))) {
    throwIfAborted(context.signal);
    if (matches(info) && info.lineCount > 0 && (options.refresh || lacksFacts(info))) found.push({ id: info.id });
  }
  return found;
}

/** Whether an older extractor noted them, or they describe less than the session holds by now. */
function lacksFacts({ facts, rawBytes }: ListedSession): boolean {
  const { by, version } = transcriptDescriber();
  return facts?.by !== by || facts.version !== version || facts.bytes !== rawBytes;
}
