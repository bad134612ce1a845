import { Option } from "commander";
import { countArgument, linesArgument, positiveArgument } from "../arguments.js";
import type { AddCommand, Work } from "../command.js";
import { filteringByPlace } from "../select/filter-options.js";
import { checkShow, lastArgument, type ShowOptions, turnsArgument } from "../show/options.js";

const HELP = `
Tools are on one line each, thinking and most of the agent's own events are left out. --last without an id shows the
newest session. Examples:
  show --last                        the newest session
  show --project . --last 2          the last two turns of the newest one in this folder
  show 0b2c --last 2                 its last two turns
  show 0b2c --line 812 -C 5          what a search has found, and five lines on each side
  show 0b2c --turns 3-5 --tools      with what tools were given, and what they said
  show 0b2c --file agent-01 --full   all that a subagent did
  show 0b2c --json | jq -r '.messages[].text'`;

export const addShow: AddCommand = (program, action) => {
  const command = program
    .command("show")
    .description("show a session as a conversation to read, live or archived")
    .argument("[id]", "id as `list` shows it, or a beginning that only this id has; @1 for the newest session")
    .addOption(
      new Option("--line <n>", "the lines around line n, which is shown in full")
        .argParser(positiveArgument)
        .conflicts(["lines", "turns", "last"]),
    )
    .addOption(
      new Option("-C, --context <k>", "how many lines before and after --line (default: 3)").argParser(countArgument),
    )
    .addOption(
      new Option("--lines <a:b>", "only lines a to b, counted from 1: 10:20, 10:, :20 or 10")
        .argParser(linesArgument)
        .conflicts(["turns", "last"]),
    )
    .addOption(
      new Option("--turns <a-b>", "only turns a to b: 3, 2-5, 4- or -4; a turn begins with what a person wrote")
        .argParser(turnsArgument)
        .conflicts("last"),
    )
    .addOption(
      new Option("--last [n]", "only the last n turns (1); without an id: the newest session").argParser(lastArgument),
    )
    .option("--file <name>", "another file of the session, such as a subagent's transcript")
    .option("--tools", "what tools were given, and the first lines of what they said")
    .option("--thinking", "the model's reasoning as well")
    .option("--full", "everything, uncut")
    .addOption(new Option("--limit <n>", "at most n messages (with --json: 50)").argParser(positiveArgument))
    .addHelpText("after", HELP);
  filteringByPlace(command.optionsGroup("Without an id, the newest session that fits:")).action(
    action(show, (...given) => {
      checkShow(...given);
      return "read";
    }),
  );
};

const show: Work<[word: string | undefined, options: ShowOptions]> = async (...given) =>
  (await import("../show/show.js")).show(...given);
