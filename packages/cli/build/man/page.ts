/** The manual page, from the definition of the program: it names what there is, and nothing else. */
import type { Argument, Command, Help, Option } from "commander";
import { ENVIRONMENT, EXIT_CODES, FILES } from "./more.ts";
import { item, paragraph, section, subsection, text, title, verbatim } from "./roff.ts";

const NAME = "session-archiver";

/** `program`: with all commands, and with their examples. `homepage`: a URL. */
export function manualPage(program: Command, about: { readonly date: string; readonly homepage: string }): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const groups = [...new Set(commands.map((command) => command.helpGroup()))];
  const lines = [
    title({
      ...{ name: NAME, section: 1, date: about.date },
      source: `${NAME} ${program.version()}`,
      manual: "User Commands",
    }),
    section("Name"),
    `${NAME.replace("-", "\\-")} \\- find, archive and bring back sessions of AI agents`,
    section("Synopsis"),
    `.B ${NAME.replace("-", "\\-")}\n[\\fIoptions\\fR] [\\fIcommand\\fR]`,
    section("Description"),
    text(help.commandDescription(program)),
    ...paragraphsOf(afterHelp(program)),
    section("Options"),
    ...help.visibleOptions(program).map((option) => optionItem(help, option)),
    ...groups.flatMap((group) => [
      section(group.replace(/:$/, "")),
      ...commands.filter((command) => command.helpGroup() === group).flatMap((command) => commandLines(help, command)),
    ]),
    section("Exit status"),
    ...EXIT_CODES.map(([code, what]) => item(String(code), what)),
    section("Environment"),
    ...ENVIRONMENT.map(([name, what]) => item(name, what)),
    section("Files"),
    ...FILES.map(([name, what]) => item(name, what)),
    section("See also"),
    text(about.homepage),
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines(help: Help, command: Command): readonly string[] {
  const after = afterHelp(command).replace(/^\n+|\n+$/g, "");
  return [
    subsection(help.commandUsage(command)),
    text(sentence(help.commandDescription(command))),
    ...help.visibleArguments(command).map((argument) => argumentItem(help, argument)),
    ...help
      .visibleOptions(command)
      .filter(isOwn)
      .map((option) => optionItem(help, option)),
    ...(after === "" ? [] : [verbatim(after)]),
  ];
}

/** All commands have a `--help`. */
function isOwn({ long }: Option): boolean {
  return long !== "--help";
}

function optionItem(help: Help, option: Option): string {
  return item(help.optionTerm(option), sentence(help.optionDescription(option)));
}

function argumentItem(help: Help, argument: Argument): string {
  return item(help.argumentTerm(argument), sentence(help.argumentDescription(argument)));
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.:]$/.test(first) || first === "" ? first : `${first}.`;
}

/** What a command's help says below what the parser knows. */
function afterHelp(command: Command): string {
  const written: string[] = [];
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (part) => void written.push(part) });
  command.outputHelp();
  command.configureOutput(output);
  return written.join("").slice(command.helpInformation().length);
}

function paragraphsOf(text: string): readonly string[] {
  // Each line begins a thought of its own, but for one that goes on in lower case. Exit codes have a section.
  const lines = text
    .trim()
    .replaceAll(/\n(?=[a-z])/g, " ")
    .split("\n");
  return lines.filter((line) => !line.startsWith("Exit codes:")).map(paragraph);
}
