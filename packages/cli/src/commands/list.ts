import { type Command, Option } from "commander";
import type { AddCommand, CommandContext } from "../command.js";
import { placeAt } from "../list/cursor.js";
import type { ListOptions } from "../list/list.js";
import { filtering, ordering } from "../select/filter-options.js";

export const addList: AddCommand = (program, action) => {
  const command = program.command("list").description("show sessions, last active first");
  command
    .option("-w, --wide", "with times, folders, models and whole ids, however long lines get")
    .option("-c, --children", "also those of subagents, below the sessions that called them")
    .option("-a, --all", "also those of subagents, and those in which nobody said anything")
    .addOption(new Option("--format <format>", "for people, or for programs").choices(["table", "tsv", "json"]))
    .option("--cursor <cursor>", "go on after an earlier list, which gave it");
  ordering(filtering(command))
    .hook("preAction", () => checkOptions(command))
    .action(action(list, "read"));
};

function checkOptions(command: Command): void {
  const { cursor, sort } = command.opts<ListOptions>();
  if (cursor !== undefined) placeAt(cursor, sort);
}

async function list(context: CommandContext, options: ListOptions): Promise<boolean> {
  return (await import("../list/list.js")).list(context, options);
}
