import type { AddCommand, Work } from "../command.js";

/** What runs without the name of a command. */
export const addOverview: AddCommand = (program, action) => {
  program.command("overview", { isDefault: true, hidden: true }).action(action(overview, "peek"));
};

const overview: Work<[]> = async (context) => (await import("../folders/overview.js")).showOverview(context);
