/** Searches what was said in sessions, live or archived. */
import {
  type Coverage,
  type SearchOptions,
  type SearchQuery,
  type SearchScope,
  search,
} from "@session-archiver/search";
import { Option } from "commander";
import { countArgument, positiveArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { namedSessions } from "../ids.js";
import { keepYoungSmall } from "../keep-young-small.js";
import { coverageText } from "../search/coverage-text.js";
import { PLACE_COLUMNS } from "../search/hit-text.js";
import { type Print, printCounts, printIds, printJson } from "../search/print.js";
import { printHits } from "../search/print-hits.js";
import { hasShellPhrase, type QueryFlags, queryOf } from "../search/query.js";
import { openPorts } from "../search/threads.js";
import { filterFrom } from "../select/filter.js";
import { type FilterOptions, filtering } from "../select/filter-options.js";

interface Options extends QueryFlags, FilterOptions {
  readonly ignoreCase?: true;
  readonly caseSensitive?: true;
  readonly wordRegexp?: true;
  readonly in?: SearchScope;
  readonly context?: number;
  readonly filesWithMatches?: true;
  readonly count?: true;
  readonly maxCount?: number;
  readonly limit?: number;
  readonly session?: readonly string[];
}

export const addSearch: AddCommand = (program, action) => {
  const command = program
    .command("search")
    .description("find what was said in sessions, live or archived; exits with 1 if nothing is found")
    .argument("<words...>", "all of them must be in one line; words in quotes are a phrase")
    .option("-i, --ignore-case", "ignore case; without it, case counts if a word holds an upper-case letter")
    .addOption(new Option("-s, --case-sensitive", "never ignore case").conflicts("ignoreCase"))
    .option("-w, --word-regexp", "whole words only")
    .option("-F, --fixed-strings", "look for each argument as it stands, with its quotes")
    .addOption(new Option("-E, --regexp", "each argument is a regular expression").conflicts("fixedStrings"))
    .addOption(
      new Option("--in <what>", "prose: what people and the model said; tools: calls and their output")
        .choices(["prose", "tools", "all"])
        .default("all"),
    )
    .addOption(new Option("--session <id...>", "only in these sessions"))
    .addOption(new Option("-C, --context <n>", "show n lines before and after each").argParser(countArgument))
    .option("-l, --files-with-matches", "show only the ids of the sessions")
    .addOption(new Option("-c, --count", "show only how many lines of each session fit").conflicts("filesWithMatches"))
    .addOption(new Option("-m, --max-count <n>", "at most n lines of each session").argParser(positiveArgument))
    .addOption(new Option("--limit <n>", "at most n lines in all").argParser(positiveArgument));
  filtering(command).action(action(find, "read"));
};

async function find(context: CommandContext, words: string[], options: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  keepYoungSmall();
  const query = queryOf(words, options);
  const chosen = await optionsFor(context, options);
  let coverage: Coverage | undefined;
  const sessions = await output.paged(signal, async (signal) => {
    const found = search(archiver, query, { ...chosen, signal });
    coverage = found.coverage;
    const number = await printerFor(options, query, output.json)(found, output);
    coverage = found.coverage;
    return number;
  });
  if (!coverage) return false;
  for (const failure of coverage.unreadable) output.note(failureLine(failure));
  // Those of other threads have not been heard yet.
  for (const { message } of coverage.damaged) context.warn(message);
  output.note(
    coverageText(coverage, { sessions, isLimited: isLimited(options), linesCounted: !options.filesWithMatches }),
  );
  if (coverage.hits === 0 && hasShellPhrase(words, options)) output.note(PHRASE_HINT);
  return coverage.hits > 0;
}

const PHRASE_HINT = "Words in quotes are looked for as a phrase; without quotes, they may stand apart.";
const LEAST_COLUMNS = 40;
/** What is not read on a terminal need not fit its width. */
const PIPE_COLUMNS = 160;

async function optionsFor(context: CommandContext, options: Options): Promise<SearchOptions> {
  const { ignoreCase, caseSensitive, wordRegexp, filesWithMatches, maxCount, limit, session } = options;
  const { output } = context;
  const named = session && (await namedSessions(context, session));
  for (const { missing } of named ?? []) if (missing) throw missing;
  return {
    filter: await filterFrom(options, context),
    ids: named?.map(({ id }) => id),
    matchCase: ignoreCase ? "ignore" : caseSensitive ? "exact" : "smart",
    wholeWords: wordRegexp,
    in: options.in,
    context: options.context,
    limit,
    openPorts: () => openPorts(context.places),
    perSession: maxCount,
    firstOnly: filesWithMatches,
    snippetLength: output.isTerminal ? Math.max(LEAST_COLUMNS, output.columns - PLACE_COLUMNS) : PIPE_COLUMNS,
  };
}

/** Whether lines that fit may not be shown. */
function isLimited({ limit, maxCount, filesWithMatches }: Options): boolean {
  return limit !== undefined || (maxCount !== undefined && filesWithMatches === undefined);
}

function printerFor({ filesWithMatches, count }: Options, query: SearchQuery, json: boolean): Print {
  if (json) return printJson(query, count ? "counts" : "hits");
  if (filesWithMatches) return printIds;
  return count ? printCounts : printHits;
}
