import type { AddCommand, Work } from "../command.js";

interface Options {
  readonly yes?: true;
}

export const addUndo: AddCommand = (program, action) => {
  program
    .command("undo")
    .description("put back all that a sweep of agents' folders has freed")
    .argument("[run]", "as `history` shows it (default: the last one that is not undone)")
    .option("--yes", "also to places that were only found in an archive")
    .action(action(undo));
};

const undo: Work<[run: string | undefined, options: Options]> = async (...given) =>
  (await import("../folders/undo.js")).undo(...given);
