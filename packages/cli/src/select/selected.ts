/** The sessions that a command is to work on: those that were named, or those that fit filters. */
import type { ListedSession, SessionState } from "@session-archiver/core";
import { sessionMatcher } from "@session-archiver/search";
import type { Command } from "commander";
import type { CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { type IdOptions, type Named, namedSession, namedSessions, takingIds } from "../ids.js";
import { UsageError } from "../usage-error.js";
import { filterFrom, isFiltering } from "./filter.js";
import { type FilterOptions, filtering, filteringByPlace, type OrderOptions, ordering } from "./filter-options.js";
import { LAST, newest } from "./newest.js";
import { newestFirst } from "./newest-first.js";
import { comparePlaces, type Place, sortKey } from "./sort.js";

export interface LastOption {
  readonly last?: true;
}

export interface SelectOptions extends FilterOptions, IdOptions, LastOption, OrderOptions {}

const BOTH = "Give ids, or options that choose sessions, not both.";
const NEWEST = "the newest session, the same as @1; with filters, the newest that fits";

/** For a command that works on the sessions that are named or fit filters. `orAll`: or on all. */
export function selecting(command: Command, orAll?: "or all"): Command {
  takingIds(command, "[id...]").option("--last", NEWEST);
  ordering(filtering(command)).optionsGroup("Options:");
  return command.hook("preAction", () => checkSelection(command.args, command.opts<SelectOptions>(), orAll));
}

/** Options for the one session that is meant. */
export interface SelectOneOptions extends Pick<FilterOptions, "agent" | "project">, LastOption {}

/** For a command that works on one session. */
export function selectingOne(command: Command): Command {
  command
    .argument("[id]", "id as `list` shows it, or a beginning that only this id has; @1 for the newest session")
    .option("--last", NEWEST);
  return filteringByPlace(command).hook("preAction", () => {
    const { agent, project, last } = command.opts<SelectOneOptions>();
    const isChoosing = last || agent !== undefined || project !== undefined;
    if (command.args.length === 0 && !isChoosing) throw new UsageError("Name a session, or give --last.");
    if (command.args.length > 0 && isChoosing) throw new UsageError(BOTH);
  });
}

/** Whether not all sessions are meant. */
export function isSelecting(words: readonly string[], options: SelectOptions): boolean {
  return words.length > 0 || isChoosing(options);
}

function isChoosing(options: SelectOptions): boolean {
  return options.last === true || options.limit !== undefined || isFiltering(options);
}

function checkSelection(words: readonly string[], options: SelectOptions, orAll?: "or all"): void {
  const { last, limit, sort } = options;
  if (words.length > 0 && (isChoosing(options) || sort !== undefined)) throw new UsageError(BOTH);
  if (last && (limit ?? sort) !== undefined) throw new UsageError("Give --last, or --sort and --limit, not both.");
  if (!isSelecting(words, options) && !orAll)
    throw new UsageError("Name sessions, or give options that choose them, such as --project . or --last.");
}

/** `states`: of those that fit filters, only these, unless people ask for states. */
export async function selected(
  context: CommandContext,
  words: readonly string[],
  options: SelectOptions,
  states?: readonly SessionState[],
): Promise<readonly Named[]> {
  if (words.length > 0) return namedSessions(context, words, options);
  const filter = await filterFrom({ ...(states && { state: states }), ...options }, context);
  if (options.last) return [{ id: await newest(context, LAST, filter) }];
  return (await fitting(context, sessionMatcher(filter), options)).map(({ id }) => ({ id }));
}

/** The id of the one session that is meant. */
export async function selectedOne(
  context: CommandContext,
  word: string | undefined,
  { agent, project }: SelectOneOptions,
): Promise<string> {
  if (word !== undefined) return namedSession(context, word);
  return newest(context, LAST, await filterFrom({ ...(agent && { agent }), ...(project && { project }) }, context));
}

/** The places of all that fit, in order. */
async function fitting(
  context: CommandContext,
  matches: (info: ListedSession) => boolean,
  { sort = "age", limit = Number.POSITIVE_INFINITY }: OrderOptions,
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for await (const info of newestFirst(context, (failure) => context.output.note(failureLine(failure)))) {
    if (matches(info)) places.push({ key: sortKey(info, sort), id: info.id });
    if (sort === "age" && places.length >= limit) break;
  }
  return places.sort(comparePlaces).slice(0, limit);
}
