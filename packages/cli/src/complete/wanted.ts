/** Finds out what is being typed, from the program's own commands and options. */
import type { Argument, Command, Option } from "commander";

/** Of options: those of the command or of the program. */
export type Wanted = {
  /** What has been typed of it. */
  readonly word: string;
  /** The command, once it is known. */
  readonly command: Command | undefined;
  /** Options that were given before, with their values. */
  readonly given: ReadonlyMap<Option, string | undefined>;
  /** Arguments of the command that were given before. */
  readonly arguments: readonly string[];
} & (
  | { readonly what: "command" | "nothing" }
  /** `argument`: what may come instead of an option. */
  | { readonly what: "option"; readonly argument: Argument | undefined }
  | { readonly what: "argument"; readonly argument: Argument }
  /** `lead`: comes before the value in the same word. */
  | { readonly what: "value"; readonly option: Option; readonly lead: string }
);

/** `words`: what was typed, without the program's name; the last is being typed, and may be empty. */
export function wantedIn(program: Command, words: readonly string[]): Wanted {
  const word = words.at(-1) ?? "";
  const given = new Map<Option, string | undefined>();
  const positional: string[] = [];
  let command: Command | undefined;
  let pending: Option | undefined;
  let isPlain = false;
  const optionFor = (flag: string): Option | undefined =>
    [...(command?.options ?? []), ...program.options].find(({ short, long }) => flag === short || flag === long);

  for (const each of words.slice(0, -1)) {
    if (pending) {
      given.set(pending, each);
      pending = undefined;
    } else if (each === "--" && !isPlain) isPlain = true;
    else if (!isPlain && isOption(each)) {
      const [flag, value] = split(each);
      const option = optionFor(flag);
      if (option) given.set(option, value);
      if (option?.required && value === undefined) pending = option;
    } else if (command) positional.push(each);
    else {
      command = commandCalled(program, each);
      if (!command) return { word, command, given, arguments: [], what: "nothing" };
    }
  }

  const known = { word, command, given, arguments: positional };
  if (pending) return { ...known, what: "value", option: pending, lead: "" };
  const argument = argumentAt(command, positional.length);
  if (!isPlain && word.startsWith("-")) {
    const [flag, value] = split(word);
    const option = optionFor(flag);
    if (value === undefined) return { ...known, what: "option", argument };
    if (!option?.required) return { ...known, what: "nothing" };
    return { ...known, word: value, what: "value", option, lead: `${flag}=` };
  }
  if (!command) return { ...known, what: "command" };
  return argument ? { ...known, what: "argument", argument } : { ...known, what: "nothing" };
}

/** An id may begin with `-`, but then holds a `/`; `-` alone stands for stdin. */
function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-" && !/^-[^-].*\//s.test(word);
}

function split(word: string): readonly [flag: string, value: string | undefined] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function commandCalled(program: Command, name: string): Command | undefined {
  return program.commands.find((command) => command.name() === name || command.aliases().includes(name));
}

function argumentAt(command: Command | undefined, at: number): Argument | undefined {
  const all = command?.registeredArguments ?? [];
  const last = all.at(-1);
  return all[at] ?? (last?.variadic ? last : undefined);
}
