import type { AddCommand, Work } from "../command.js";
import type { FactsOptions } from "../facts/facts.js";
import { selecting } from "../select/selected.js";

export const addFacts: AddCommand = (program, action) => {
  selecting(program.command("facts"), "or all")
    .description("extract what lists show of sessions, such as titles, where that is missing")
    .option("--refresh", "extract it anew, also where nothing is missing: a newer version may find more")
    .action(action(facts, "note"));
};

const facts: Work<[words: string[], options: FactsOptions]> = async (...given) =>
  (await import("../facts/facts.js")).facts(...given);
