/** The commands that mend what was found, as they can be typed. */
import type { Remedy } from "@session-archiver/core";
import type { GlobalOptions } from "../command.js";
import { shellWord } from "../output/shell-word.js";
import type { Places } from "../stores/places.js";
import { specText } from "../stores/spec.js";

/**
 * Whether catalogue and archives are those of one home. Others were named one by one, and one of the names may be wrong: then
 * both belong elsewhere, and neither is to take the other's place.
 */
export function isByHome({ named }: Places): boolean {
  return !named.store && !named.sink;
}

/** For a catalogue that belongs to other archives. */
export function replacingText(places: Places, options: GlobalOptions): string {
  return isByHome(places)
    ? command(options, "doctor", "--repair")
    : `name the archives that belong to it with --archives; or, if this catalogue should not be here, move it elsewhere, and run ${command(options, "rebuild")}`;
}

/** More sessions than this are not written out: `--repair` mends them all. */
const MOST_WRITTEN = 10;

export function remedyText(
  remedy: Exclude<Remedy, "replace">,
  ids: readonly string[],
  options: GlobalOptions,
): string | null {
  switch (remedy) {
    case null:
      return null;
    case "rebuild":
    case "gc":
      return command(options, remedy);
    case "settle":
      return command(options, "sweep");
    default: {
      const words = ids.length > MOST_WRITTEN ? [undefined] : ids.map(shellWord);
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
    ...(store === undefined ? [] : ["--store", path(specText(store))]),
    ...(archives === undefined ? [] : ["--archives", path(specText(archives))]),
  ];
  return ["session-archiver", ...stores, ...words].join(" ");
}

/** A path always came in as an argument, so it can be given again, but for a newline at its end. */
function path(word: string): string {
  return shellWord(word) ?? shellWord(word.trimEnd()) ?? "''";
}
