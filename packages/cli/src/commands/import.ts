import type { AddCommand, Work } from "../command.js";
import type { ImportCommandOptions } from "../import/import-paths.js";

export const addImport: AddCommand = (program, action) => {
  program
    .command("import")
    .description("take in transcripts; what is there already is skipped, what has grown goes on")
    .argument("<path...>", ".jsonl, .jsonl.gz and .jsonl.zst files, and folders with such files")
    .option("--strict", "exit with 1 if a single file can't be taken in; without it only if a path named here is wrong")
    .action(action(importPaths));
};

/** Its modules are many, and the help loads every command. */
const importPaths: Work<[paths: string[], options: ImportCommandOptions]> = async (...given) =>
  (await import("../import/import-paths.js")).importPaths(...given);
