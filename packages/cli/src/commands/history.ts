import type { AddCommand, Work } from "../command.js";

export const addHistory: AddCommand = (program, action) => {
  program
    .command("history")
    .description("list the runs that freed, pruned, removed or put back something, newest first")
    .action(action(history, "read"));
};

const history: Work<[]> = async (...given) => (await import("../folders/history.js")).history(...given);
