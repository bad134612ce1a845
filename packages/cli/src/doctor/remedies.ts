/** The commands that mend what was found, as they can be typed. */
import type { Remedy } from "@session-archiver/core";
import type { GlobalOptions } from "../command.js";

/**
 * Whether catalogue and archives are those of one home. Others were named one by one, and one of the names may be wrong: then
 * both belong elsewhere, and neither is to take the other's place.
 */
export function isByHome({ store, archives }: GlobalOptions): boolean {
  return store === undefined && archives === undefined;
}

/** More sessions than this are not written out: `--repair` mends them all. */
const MOST_WRITTEN = 10;

export function remedyText(remedy: Remedy, ids: readonly string[], options: GlobalOptions): string | null {
  switch (remedy) {
    case null:
      return null;
    case "rebuild":
    case "gc":
      return command(options, remedy);
    case "replace":
      return isByHome(options)
        ? command(options, "doctor", "--repair")
        : `name the archives that belong to it with --archives; or, if this catalogue should not be here, move it elsewhere, and run ${command(options, "rebuild")}`;
    case "settle":
      return command(options, "sweep");
    default: {
      const words = ids.length > MOST_WRITTEN ? [undefined] : ids.map(quoted);
      if (!words.every((word) => word !== undefined)) return command(options, "doctor", "--repair");
      return command(options, remedy, ...(ids.some((id) => id.startsWith("-")) ? ["--"] : []), ...words);
    }
  }
}

const COMMAND = /(?<![\w./-])session-archiver (?=[a-z]+)/g;

/** The same words, with the stores that this call of doctor was given in each command. */
export function withStores(remedy: string, options: GlobalOptions): string {
  return remedy.replace(COMMAND, () => `${command(options)} `);
}

/** With the stores that this call of doctor was given. */
function command({ home, store, archives }: GlobalOptions, ...words: readonly string[]): string {
  const stores = [
    ...(home === undefined ? [] : ["--home", path(home)]),
    ...(store === undefined ? [] : ["--store", path(`${store.kind}:${store.path}`)]),
    ...(archives === undefined ? [] : ["--archives", path(`${archives.kind}:${archives.path}`)]),
  ];
  return ["session-archiver", ...stores, ...words].join(" ");
}

/** A path always came in as an argument, so it can be given again, but for a newline at its end. */
function path(word: string): string {
  return quoted(word) ?? quoted(word.trimEnd()) ?? "''";
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * As a POSIX shell reads it, without a character that a terminal would hide or obey; `undefined` for words that can't be
 * written so.
 */
function quoted(word: string): string | undefined {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!UNSEEN.test(word)) return word.isWellFormed() ? `'${word.replaceAll("'", "'\\''")}'` : undefined;
  // No argument can hold these two, and the shell takes newlines off the end.
  if (!word.isWellFormed() || word.includes("\0") || word.endsWith("\n")) return undefined;
  const octal = (character: string): string =>
    Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const format = word.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}'\\%]/gu, octal);
  return `"$(printf '${format}')"`;
}
