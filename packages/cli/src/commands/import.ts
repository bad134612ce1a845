import type { AddCommand, Work } from "../command.js";
import type { ImportCommandOptions } from "../import/import-paths.js";

export const addImport: AddCommand = (program, action) => {
  program
    .command("import")
    .description("take in transcripts: skips those that are there already, adds to those that have grown")
    .argument("<path...>", ".jsonl, .jsonl.gz and .jsonl.zst files, and folders with such files")
    .option("--strict", "exit with 1 if any file can't be taken in, not only if a path given here is wrong")
    .action(action(importPaths));
};

/** Loaded late: it has many modules, and the help loads every command. */
const importPaths: Work<[paths: string[], options: ImportCommandOptions]> = async (...given) =>
  (await import("../import/import-paths.js")).importPaths(...given);
