/**
 * Finds the sessions that people name: by id, by a unique beginning of one, by another name, or by their place among the
 * newest; with `-`, from stdin.
 */
import { ArchiverError, hasCode } from "@session-archiver/core";
import type { Command } from "commander";
import type { CommandContext } from "./command.js";
import { otherNames } from "./names.js";
import { newest, placeOf } from "./select/newest.js";
import { callerById } from "./select/units.js";
import { linesOf } from "./stdin.js";
import { suggestions } from "./suggest.js";
import { UsageError } from "./usage-error.js";

/** A session that was named. `missing`: no session has this id. */
export interface Named {
  readonly id: string;
  readonly missing?: ArchiverError | undefined;
}

export interface IdOptions {
  readonly null?: true;
}

const STDIN = "-";
const MOST_SHOWN = 10;
const MOST_LOOKED_AT = 1000;
/** For more wrong ids than these, nearest ids are not searched: that costs a comparison with every id. */
const MOST_SUGGESTED_FOR = 10;

/** Adds the argument to a command that works on any number of sessions. */
export function takingIds(command: Command, argument: "<id...>" | "[id...]" = "<id...>"): Command {
  return command
    .argument(
      argument,
      "ids as `list` shows them, or beginnings that only one id has; @1 for the newest session, @2 for the one before; - for those on stdin, one a line",
    )
    .option("-0, --null", "ids on stdin end with a NUL, not with a line end");
}

/**
 * Finds all sessions before anything is done. A usage error if one word is the beginning of several ids. A word that
 * fits no id is kept, to fail when its turn comes.
 */
export async function namedSessions(
  context: CommandContext,
  words: readonly string[],
  options: IdOptions = {},
): Promise<readonly Named[]> {
  const found = new Map<string, string | undefined>();
  const given = await withStdin(context, words, options);
  for (const word of given) found.set(word, await find(context, word));
  const others = await otherNames(context, without(found));
  for (const word of without(found)) found.set(word, onlyOne(word, others(word)));
  const missing = without(found);
  const near = missing.length > 0 ? await suggestions(context, missing.slice(0, MOST_SUGGESTED_FOR)) : new Map();
  return given.map((word) => {
    const id = found.get(word);
    return id === undefined ? { id: word, missing: unknown(word, near.get(word)) } : { id };
  });
}

function without(found: ReadonlyMap<string, string | undefined>): readonly string[] {
  return [...found].flatMap(([word, id]) => (id === undefined ? [word] : []));
}

/** Finds one session; rejects with `NOT_FOUND` if there is none. */
export async function namedSession(context: CommandContext, word: string): Promise<string> {
  const [named] = await namedSessions({ ...context, stdin: undefined }, [word]);
  if (named === undefined || named.missing) throw named?.missing ?? unknown(word);
  return named.id;
}

async function withStdin(
  { stdin, signal }: CommandContext,
  words: readonly string[],
  options: IdOptions,
): Promise<readonly string[]> {
  if (!words.includes(STDIN)) return words;
  const read = await linesOf(stdin, options.null ? "\0" : "\n", signal);
  const first = words.indexOf(STDIN);
  return words.flatMap((word, i) => (word !== STDIN ? [word] : i === first ? read : []));
}

/** The id that is meant: the whole id, or the only one that begins so. A whole id always means itself. */
async function find(context: CommandContext, word: string): Promise<string | undefined> {
  const { archiver, signal } = context;
  try {
    await archiver.info(word, { signal });
    return word;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    // An impossible id, or a damaged session: the command reports what is wrong with it.
    if (!hasCode(error, "NOT_FOUND")) return word;
  }
  const place = placeOf(word);
  if (place !== undefined) return newest(context, place);
  const matches: string[] = [];
  for await (const { id } of archiver.list({ prefix: word, from: "metadata", signal })) {
    // A session may have hundreds of subagents.
    if (!matches.includes(callerById(id) ?? id)) matches.push(id);
    if (matches.length > MOST_LOOKED_AT) break;
  }
  return onlyOne(word, matches);
}

/** A usage error if there are several; `undefined` if there is none. A session means itself, not its subagents'. */
export function onlyOne(word: string, found: readonly string[]): string | undefined {
  const matches = found.length > 1 ? found.filter((id) => !found.includes(callerById(id) ?? "")) : found;
  if (matches.length <= 1) return matches[0];
  const isAll = matches.length <= MOST_SHOWN;
  const shown = matches.slice(0, MOST_SHOWN).sort();
  throw new UsageError(
    `"${word}" is the beginning of ${isAll ? matches.length : `more than ${MOST_SHOWN}`} ids. Write more of the one you mean:`,
    isAll ? shown : [...shown, "…"],
  );
}

function unknown(word: string, near: readonly string[] = []): ArchiverError {
  const [last, ...others] = near.map((id) => `"${id}"`).reverse();
  const list = others.length > 0 ? `${others.reverse().join(", ")} or ${last}` : last;
  const hint = last === undefined ? "" : ` Did you mean ${list}?`;
  return new ArchiverError("NOT_FOUND", `There is no session "${word}".${hint}`, { id: word });
}
