/** Prints a list of sessions as it reads them. */
import { sessionMatcher } from "@session-archiver/search";
import type { CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { count } from "../output/text.js";
import { filterFrom, isFiltering } from "../select/filter.js";
import type { FilterOptions, OrderOptions } from "../select/filter-options.js";
import { newestFirst } from "../select/newest-first.js";
import { comparePlaces } from "../select/sort.js";
import { isInUnit } from "../select/units.js";
import { cursorAfter, placeAt } from "./cursor.js";
import { jsonParts } from "./json.js";
import { newPage, type Page, pageOf } from "./page.js";
import { rowOf } from "./row.js";
import { tableText } from "./table.js";
import { tsvText } from "./tsv.js";
import { type UnitOptions, type Units, unitsOf } from "./units.js";

export interface ListOptions extends FilterOptions, OrderOptions {
  readonly wide?: true;
  readonly all?: true;
  readonly children?: true;
  readonly format?: "json" | "table" | "tsv";
  readonly cursor?: string;
}

/** Sessions that are held at a time, to find subagents and ids that begin alike. */
const AHEAD = 1000;

/** Resolves to whether every session could be looked at. */
export async function list(context: CommandContext, options: ListOptions): Promise<boolean> {
  const format = context.output.json ? "json" : (options.format ?? "table");
  if (format !== "table") return listed(context, options, format);
  return context.output.paged(context.signal, (signal) => listed({ ...context, signal }, options, format));
}

async function listed(
  context: CommandContext,
  options: ListOptions,
  format: NonNullable<ListOptions["format"]>,
): Promise<boolean> {
  const { output } = context;
  const { sort = "age", cursor, wide = false, limit = Number.POSITIVE_INFINITY } = options;
  const page = newPage();
  let allWell = true;
  const infos = newestFirst(context, (failure) => {
    allWell = false;
    output.note(failureLine(failure));
  });
  const units = unitsOf(infos, await unitOptions(context, options), page.hidden);
  const after = cursor === undefined ? undefined : placeAt(cursor, sort);
  const shown = pageOf(units, page, { after, limit, toEnd: format === "json" });
  const nextCursor = (): string | null => (page.last ? cursorAfter(page.last, sort) : null);
  for await (const chunk of textOf(shown)) await output.raw(chunk);
  if (format !== "json") for (const line of notes(page, nextCursor(), options, output.isTerminal)) output.note(line);
  return allWell;

  function textOf(of: Units): AsyncIterable<string> {
    if (format === "json") return jsonParts(of, () => ({ ...page, nextCursor: nextCursor() }));
    if (format === "tsv") return tsvText(of);
    return tableText(of, { wide, columns: output.lineColumns, now: context.now() });
  }
}

async function unitOptions(context: CommandContext, options: ListOptions): Promise<UnitOptions> {
  const { sort = "age", all = false, children = all } = options;
  const isNewest = sort === "age";
  return {
    children,
    empty: all,
    ahead: isNewest ? AHEAD : Number.POSITIVE_INFINITY,
    compare: isNewest
      ? undefined
      : (a, b) => comparePlaces({ key: a.key, id: a.session.id }, { key: b.key, id: b.session.id }),
    fits: sessionMatcher(await filterFrom(options, context)),
    row: (info) => rowOf(info, sort),
    isThere: (id) => isInUnit(context, id),
  };
}

/** What else there is, for people. */
function* notes(page: Page, nextCursor: string | null, options: ListOptions, isTerminal: boolean): Generator<string> {
  const { hidden, total, undescribed } = page;
  const left = [
    hidden.children > 0 && `${count(hidden.children, "subagent's session", "subagents' sessions")} (--children)`,
    hidden.empty > 0 && `${count(hidden.empty, "session")} without a message (--all)`,
  ].filter((text) => text !== false);
  if (total === 0 && left.length === 0)
    yield isFiltering(options) ? "No session fits." : "No sessions yet: import some.";
  // Of the pages to come it is not known yet.
  if (left.length > 0 && nextCursor === null) yield `not shown: ${left.join(", ")}`;
  if (undescribed > 0) yield `${count(undescribed, "session")} without facts: \`session-archiver facts\` extracts them`;
  // A cursor is long, and for programs.
  if (nextCursor !== null)
    yield `there are more: ${isTerminal ? "a higher --limit shows them" : `--cursor ${nextCursor}`}`;
}
