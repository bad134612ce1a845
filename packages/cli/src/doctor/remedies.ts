/** The commands that mend what was found, as they can be typed. */
import type { Remedy } from "@session-archiver/core";
import type { GlobalOptions } from "../command.js";

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
      return command(options, "doctor", "--repair");
    case "settle":
      return command(options, "sweep");
    default:
      return ids.length > MOST_WRITTEN
        ? command(options, "doctor", "--repair")
        : command(options, remedy, ...ids.map(quoted));
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
    ...(home === undefined ? [] : ["--home", quoted(home)]),
    ...(store === undefined ? [] : ["--store", quoted(`${store.kind}:${store.path}`)]),
    ...(archives === undefined ? [] : ["--archives", quoted(`${archives.kind}:${archives.path}`)]),
  ];
  return ["session-archiver", ...stores, ...words].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
