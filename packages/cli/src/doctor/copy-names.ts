/** The names that sync programs give to a second copy of a file, when two machines have changed it. */

/** Marks that a store's own names never hold: no such name has a blank, a bracket or an upper-case letter in it. */
const CERTAIN: readonly RegExp[] = [
  // Dropbox, Nextcloud, ownCloud, pCloud, Seafile, FileCloud, in whatever language: the word is much the same.
  / ?[([][^/]*?(?:conflic?t|konflikt|conflit|競合|問題のあるコピー)[^/]*?[)\]]/iu,
  // Syncthing
  /\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?/,
  // ownCloud before 2.5
  /_conflict-\d{8}-\d{6}/,
  // Resilio Sync
  /(?:\.Conflict\d*)+(?=\.|$)/,
];

/** Marks that people use as well, just before the last ending. */
const POSSIBLE: readonly RegExp[] = [
  // Google Drive, and downloads
  / ?\(\d{1,4}\)(?=\.[^.]*$|$)/,
  // iCloud Drive, and the Finder
  / \d{1,4}(?=\.[^.]*$|$)/,
];
/** OneDrive adds the machine's name. */
const MACHINE = /^(.*?)-([A-Za-z0-9][A-Za-z0-9-]{0,62})(\.[^.]*)?$/s;

/** The name that the file had before, if its name says that it is a second copy. */
export function originalName(name: string): string | undefined {
  return without(name, CERTAIN)[0];
}

/** Names that it may have had before, if its name may be that of a second copy. */
export function possibleNames(name: string): readonly string[] {
  return [...without(name, POSSIBLE), ...withoutMachine(name)];
}

function without(name: string, marks: readonly RegExp[]): readonly string[] {
  return marks.map((mark) => name.replace(mark, "")).filter((original) => original !== name && original !== "");
}

/** Both names may have dashes in them, so each dash may be the one. */
function withoutMachine(name: string): readonly string[] {
  const [, start = "", machine = "", ending = ""] = MACHINE.exec(name) ?? [];
  const parts = machine.split("-");
  return start === "" ? [] : parts.map((_, n) => [start, ...parts.slice(0, n)].join("-") + ending);
}
