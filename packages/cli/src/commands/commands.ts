/** Loads the module of the command that was called. */
import type { AddCommand } from "../command.js";

type Load = () => Promise<AddCommand>;

/** One command, or several that one module adds. */
interface Entry {
  /** Its heading in the help. */
  readonly group: string;
  readonly names: readonly string[];
  readonly load: Load;
}

/** The heading of commands that explain the program. */
const LEARN = "Learn and set up:";

/** In the order of the help: by what people want. */
const GROUPS: Readonly<Record<string, readonly (readonly [names: readonly string[], load: Load])[]>> = {
  "Find and read:": [
    [["list"], async () => (await import("./list.js")).addList],
    [["search"], async () => (await import("./search.js")).addSearch],
    [["show"], async () => (await import("./show.js")).addShow],
    [["info"], async () => (await import("./info.js")).addInfo],
    [["facts"], async () => (await import("./facts.js")).addFacts],
    [["cat"], async () => (await import("./cat.js")).addCat],
    [["export"], async () => (await import("./export.js")).addExport],
    [["stats"], async () => (await import("./stats.js")).addStats],
  ],
  "Give the disk back, and take sessions up again:": [
    [["sweep"], async () => (await import("./sweep.js")).addSweep],
    [["free"], async () => (await import("./free.js")).addFree],
    [["resume"], async () => (await import("./resume.js")).addResume],
    [["restore"], async () => (await import("./restore.js")).addRestore],
    [["undo"], async () => (await import("./undo.js")).addUndo],
    [["history"], async () => (await import("./history.js")).addHistory],
  ],
  "Take in and archive:": [
    [["import"], async () => (await import("./import.js")).addImport],
    [["archive"], async () => (await import("./archive.js")).addArchive],
    [["pin", "unpin"], async () => (await import("./pin.js")).addPin],
  ],
  "Check and mend:": [
    [["verify"], async () => (await import("./verify.js")).addVerify],
    [["doctor"], async () => (await import("./doctor.js")).addDoctor],
    [["salvage"], async () => (await import("./salvage.js")).addSalvage],
    [["mend"], async () => (await import("./mend.js")).addMend],
    [["rebuild"], async () => (await import("./rebuild.js")).addRebuild],
    [["catch-up"], async () => (await import("./catch-up.js")).addCatchUp],
  ],
  "Delete:": [
    [["prune"], async () => (await import("./prune.js")).addPrune],
    [["undo-prune"], async () => (await import("./undo-prune.js")).addUndoPrune],
    [["gc", "collect"], async () => (await import("./gc.js")).addGc],
    [["forget"], async () => (await import("./forget.js")).addForget],
  ],
  [LEARN]: [
    [["completion"], async () => (await import("./completion.js")).addCompletion],
    [["help"], async () => (await import("./help.js")).addHelp],
  ],
};

const COMMANDS: readonly Entry[] = [
  ...Object.entries(GROUPS).flatMap(([group, commands]) => commands.map(([names, load]) => ({ group, names, load }))),
  // Not for people: hidden.
  { group: LEARN, names: ["__complete"], load: async () => (await import("./complete.js")).addComplete },
];

/**
 * The command that was called, or none for the version. If that is not obvious, as for the help, all commands.
 * `takesValue`: the program's own flags whose next word is their value.
 */
export function commandsFor(
  words: readonly string[],
  takesValue: ReadonlySet<string>,
): readonly Omit<Entry, "names">[] {
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) return [];
  if (isBare(words, takesValue))
    return [{ group: LEARN, load: async () => (await import("./overview.js")).addOverview }];
  const name = calledIn(words, takesValue);
  const called = COMMANDS.filter(({ names }) => name !== undefined && names.includes(name));
  return called.length > 0 ? called : COMMANDS;
}

/** Whether there is no word but the program's own flags and their values. */
function isBare(words: readonly string[], takesValue: ReadonlySet<string>): boolean {
  const isValue = (i: number): boolean => i > 0 && takesValue.has(words[i - 1] ?? "");
  return words.every((word, i) => isGlobalFlag(word) || takesValue.has(word) || isValue(i));
}

function isGlobalFlag(word: string): boolean {
  return word === "--json" || word === "--no-pager" || /^--(home|store|archives|color)=/.test(word);
}

/**
 * The first word that is neither a flag nor a flag's value; `undefined` after flags that only the parser understands.
 */
export function calledIn(words: readonly string[], takesValue: ReadonlySet<string>): string | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (takesValue.has(word)) i++;
    else if (!word.startsWith("-")) return word;
    else if (!isGlobalFlag(word)) return undefined;
  }
  return undefined;
}
