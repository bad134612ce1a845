/** The options that choose sessions, for all commands that work on several. */
import type { SessionState } from "@session-archiver/core";
import { type Command, Option } from "commander";
import { countArgument, endArgument, sizeArgument, timeArgument } from "../arguments.js";
import { type Sort, sortArgument, sortNames } from "./sort.js";
import { stateNames, statesArgument } from "./states.js";
import { gathered, wordsArgument } from "./words-argument.js";

export interface FilterOptions {
  readonly agent?: readonly string[];
  readonly project?: readonly string[];
  readonly branch?: readonly string[];
  readonly model?: readonly string[];
  readonly state?: readonly SessionState[];
  readonly since?: number;
  readonly until?: number;
  readonly minSize?: number;
}

/** Which of the sessions that fit, and in which order. */
export interface OrderOptions {
  readonly limit?: number;
  readonly sort?: Sort;
}

export const FILTERS = "Filters (all must fit; of an option that is given several times, one):";

/** Adds the filters. */
export function filtering(command: Command): Command {
  return filteringByPlace(command.optionsGroup(FILTERS))
    .addOption(new Option("--branch <pattern>", "on this branch: main, fix/*").argParser(wordsArgument))
    .addOption(new Option("--model <pattern>", "used such a model: opus, gpt-5*").argParser(wordsArgument))
    .addOption(new Option("--state <state>", stateNames).argParser(gathered(statesArgument)))
    .addOption(
      new Option("--since <time>", "active then or later: 2026-01-31, 2026-01-31T18:00, 90m, 12h, 3d, 2w").argParser(
        timeArgument,
      ),
    )
    .addOption(new Option("--until <time>", "begun then or earlier").argParser(endArgument))
    .addOption(new Option("--min-size <size>", "at least these raw bytes: 500kB, 2MiB").argParser(sizeArgument));
}

/** Adds the filters by who worked where. */
export function filteringByPlace(command: Command): Command {
  return command
    .addOption(new Option("--agent <name>", "what wrote them: claude-code, codex, …").argParser(wordsArgument))
    .addOption(
      new Option(
        "--project <folder>",
        "worked in this folder or below it: . is the current one; or a pattern for its name or path: app, ~/work/**",
      ).argParser(gathered((text) => [text])),
    );
}

/** Adds order and number. */
export function ordering(command: Command): Command {
  return command
    .optionsGroup("Order:")
    .addOption(new Option("--sort <by>", `${sortNames} (default: age, the newest first)`).argParser(sortArgument))
    .addOption(new Option("--limit <n>", "only the first n").argParser(countArgument));
}
