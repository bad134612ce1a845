import { failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { type FoundFile, findFiles, type ImportFailure } from "../import/find.js";
import { importFile } from "../import/import-file.js";
import type { Progress } from "../output/progress.js";
import { formatSize } from "../output/sizes.js";

/** What `import --json` tells. */
export interface ImportReport {
  imported: number;
  appended: number;
  /** Unchanged, or pruned. */
  skipped: number;
  readonly failed: ImportFailure[];
}

export const addImport: AddCommand = (program, action) => {
  program
    .command("import")
    .description(
      "take in .jsonl files, or all of them in folders; what is there already is skipped, what has grown goes on",
    )
    .argument("<path...>", "files and folders; a session's id is its path below the folder named, without .jsonl")
    .action(action(importPaths));
};

async function importPaths(context: CommandContext, paths: string[]): Promise<boolean> {
  const { output, stores, cwd, signal } = context;
  const { files, failures } = await findFiles(paths, { cwd, except: stores.paths, signal });
  const report: ImportReport = { imported: 0, appended: 0, skipped: 0, failed: [] };
  for (const failure of failures) addFailure(context, report, failure);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  await output.withProgress({ label: "import", total, unit: "bytes" }, async (progress) => {
    let before = 0;
    for (const file of files) {
      throwIfAborted(signal);
      await importOne(context, report, file, progress, before);
      before += file.size;
    }
  });
  await output.result(report, textOf(report));
  return report.failed.length === 0;
}

async function importOne(
  context: CommandContext,
  report: ImportReport,
  file: FoundFile,
  progress: Progress,
  before: number,
): Promise<void> {
  const { id, path, size } = file;
  progress.update(before, id);
  try {
    const outcome = await importFile(context, file, (done) => progress.update(before + Math.min(done, size), id));
    report[outcome === "pruned" ? "skipped" : outcome]++;
    if (outcome === "pruned") context.output.note(`skipped ${path}: session ${id} was pruned (see undo-prune)`);
    else if (outcome !== "skipped") progress.finished(`${outcome} ${id} (${formatSize(size)})`);
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    addFailure(context, report, { path, ...failureOf(id, error) });
  }
}

function addFailure({ output }: CommandContext, report: ImportReport, failure: ImportFailure): void {
  report.failed.push(failure);
  output.note(`failed: ${failure.path}: ${failure.message} [${failure.code}]`);
}

function textOf({ imported, appended, skipped, failed }: ImportReport): string {
  return `${imported} imported, ${appended} appended, ${skipped} skipped, ${failed.length} failed.`;
}
