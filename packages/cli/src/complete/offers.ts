/** What may come next: from the program's own definition, or from the store. */
import type { Command, Option } from "commander";
import { FILTER_NAMES } from "../folders/filters-option.js";
import { sortNames } from "../select/sort.js";
import { stateNames } from "../select/states.js";
import { NOTHING, type Offer, type Offers } from "./offer.js";
import type { Wanted } from "./wanted.js";

/** What only a store can say, or what is known of agents. */
export type Stored = "session" | "run" | "source" | "agent" | "project" | "branch" | "model";

/** Looks further: values that begin with the word. `command`: all of them, which are not loaded otherwise. */
export type Look = (what: Stored | "command", word: string) => Promise<readonly Offer[]>;

type Values = Parameters<Look>[0] | "files" | "folders" | readonly string[];

const STATES: Values = stateNames.split(", ");
const SORTS: Values = sortNames.split(", ");
const STORES: Values = ["sqlite:", "fs:", "postgres://"];
const FILTERS: Values = FILTER_NAMES.map((name) => `${name}=`);

/** By the names of options, and of values and arguments: `source` for `--source <names>`, `id` for `<id...>`. */
const VALUES: ReadonlyMap<string, Values> = new Map<string, Values>([
  ["id", "session"],
  ["run", "run"],
  ["command", "command"],
  ["dir", "folders"],
  ["file", "files"],
  ["path", "files"],
  ["store", STORES],
  ["archives", [...STORES, "s3://"]],
  ["source", "source"],
  ["filter", FILTERS],
  ["state", STATES],
  ["sort", SORTS],
  ["agent", "agent"],
  ["project", "project"],
  ["branch", "branch"],
  ["model", "model"],
]);

/** Options that take several values with commas between. */
const LISTS: ReadonlySet<string> = new Set(["source", "state", "agent"]);

export async function offersFor(program: Command, wanted: Wanted, look: Look): Promise<Offers> {
  switch (wanted.what) {
    case "command":
      return words(commandsOf(program), wanted.word);
    case "argument": {
      const { argChoices } = wanted.argument;
      return valuesFor(argChoices ?? VALUES.get(wanted.argument.name()), wanted.word, wanted.arguments, look);
    }
    case "option": {
      const own = words(optionsOf(program, wanted), wanted.word);
      // An id may begin with a dash.
      if (wanted.argument?.name() !== "id" || !/^-[^-]/.test(wanted.word)) return own;
      return joined(own, words(await look("session", wanted.word), wanted.word));
    }
    case "value":
      return offersForValue(wanted, look);
    default:
      return NOTHING;
  }
}

async function offersForValue(wanted: Extract<Wanted, { what: "value" }>, look: Look): Promise<Offers> {
  const { option, word, lead } = wanted;
  const name = option.attributeName();
  const values = option.argChoices ?? VALUES.get(name) ?? VALUES.get(valueName(option));
  const comma = LISTS.has(name) ? word.lastIndexOf(",") + 1 : 0;
  const begun = word.slice(0, comma);
  const found = await valuesFor(values, word.slice(comma), begun.split(","), look);
  if (found.kind !== "words") return found;
  // A source is an agent, or any folder.
  if (values === "source" && found.offers.length === 0 && lead + begun === "") return { kind: "folders" };
  return { ...found, offers: found.offers.map(({ value, about }) => ({ value: `${lead}${begun}${value}`, about })) };
}

/** `given`: values that need not be offered again. */
async function valuesFor(
  values: Values | undefined,
  word: string,
  given: readonly string[],
  look: Look,
): Promise<Offers> {
  if (values === undefined) return NOTHING;
  if (values === "files" || values === "folders") return { kind: values };
  const all = typeof values === "string" ? await look(values, word) : values.map((value) => ({ value, about: "" }));
  return words(
    all.filter(({ value }) => !given.includes(value)),
    word,
  );
}

function words(offers: readonly Offer[], word: string): Extract<Offers, { kind: "words" }> {
  return { kind: "words", offers: offers.filter(({ value }) => value.startsWith(word)) };
}

function joined(a: Extract<Offers, { kind: "words" }>, b: Extract<Offers, { kind: "words" }>): Offers {
  return { kind: "words", offers: [...a.offers, ...b.offers] };
}

export function commandsOf(program: Command): readonly Offer[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({ value: command.name(), about: command.description() }));
}

/** The command's own first. An option with a value may be given again. */
function optionsOf(program: Command, { command, given }: Wanted): readonly Offer[] {
  const help = program.createHelp();
  const offers = new Map<string, string>();
  for (const option of [...(command ? help.visibleOptions(command) : []), ...help.visibleOptions(program)]) {
    const flag = option.long ?? option.short ?? "";
    // The version is asked for alone, and the help is an option of the program and of the command.
    const isOver = (given.has(option) && option.isBoolean()) || (command && flag === "--version");
    if (!isOver && !offers.has(flag)) offers.set(flag, option.description);
  }
  return [...offers].map(([value, about]) => ({ value, about }));
}

/** `names` for `--source <names>`. */
function valueName({ flags }: Option): string {
  return /[<[](.*?)(?:\.\.\.)?[>\]]/.exec(flags)?.[1] ?? "";
}
