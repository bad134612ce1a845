import type { AddCommand, Work } from "../command.js";
import type { ResumeOptions } from "../folders/resume.js";
import { selectingOne } from "../select/selected.js";

export const addResume: AddCommand = (program, action) => {
  selectingOne(program.command("resume"))
    .description("put a session back if need be, and start its agent where the session was")
    .option("--print", "only print the command: nothing is put back")
    .option("--yes", "don't ask about folders that were only found in an archive")
    .action(action(resume, (_, { print }) => (print ? "read" : "write")));
};

const resume: Work<[word: string | undefined, options: ResumeOptions]> = async (...given) =>
  (await import("../folders/resume.js")).resume(...given);
