import type { AddCommand, Work } from "../command.js";

export const addMend: AddCommand = (program, action) => {
  program
    .command("mend")
    .description("copy a Codex thread that newer releases refuse, so that they resume the copy")
    .argument("<id>", "as `doctor` names it")
    .action(action(mend));
};

const mend: Work<[word: string]> = async (...given) => (await import("../folders/mend.js")).mend(...given);
