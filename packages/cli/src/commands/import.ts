import { codeOf, failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { type FoundFile, findFiles, type ImportFailure } from "../import/find.js";
import { importFile } from "../import/import-file.js";
import { type KnownSessions, knownSessions } from "../import/known-sessions.js";
import { leftOutText } from "../import/left-out.js";
import { addOutcome, emptyReport, failureText, type ImportReport, remarkOn, reportText } from "../import/report.js";
import type { Progress } from "../output/progress.js";
import { formatSize } from "../output/sizes.js";

interface Options {
  readonly strict?: true;
}

export const addImport: AddCommand = (program, action) => {
  program
    .command("import")
    .description("take in transcripts; what is there already is skipped, what has grown goes on")
    .argument("<path...>", ".jsonl, .jsonl.gz and .jsonl.zst files, and folders with such files")
    .option("--strict", "exit with 1 if a single file can't be taken in; without it only if a path named here is wrong")
    .action(action(importPaths));
};

async function importPaths(context: CommandContext, paths: string[], { strict }: Options): Promise<boolean> {
  const { output, stores, cwd, signal } = context;
  const found = await findFiles(paths, { cwd, except: stores.paths, signal });
  const report = emptyReport(found.leftOut);
  for (const failure of [...found.misnamed, ...found.unreadable]) addFailure(context, report, failure);
  const leftOut = leftOutText(found.leftOut);
  if (leftOut !== undefined) output.note(leftOut);

  context.tellsRevived();
  const sessions = knownSessions(context, found.files.length);
  const total = found.files.reduce((sum, { size }) => sum + size, 0);
  let isStoreWell = true;
  await output.withProgress({ label: "import", total, unit: "bytes" }, async (progress) => {
    let before = 0;
    for (const file of found.files) {
      throwIfAborted(signal);
      isStoreWell = (await importOne(context, report, sessions, file, progress, before)) && isStoreWell;
      before += file.size;
    }
  });
  await output.result(report, reportText(report));
  return found.misnamed.length === 0 && isStoreWell && (!strict || report.failed.length === 0);
}

/** Whether it worked, or it is the file that is at fault. */
async function importOne(
  context: CommandContext,
  report: ImportReport,
  sessions: KnownSessions,
  file: FoundFile,
  progress: Progress,
  before: number,
): Promise<boolean> {
  const { path, size } = file;
  let session: string | undefined;
  let unreadable: unknown;
  const run = {
    context,
    sessions,
    onProgress(id: string, part: number): void {
      session = id;
      progress.update(before + Math.floor(size * Math.min(part, 1)), id);
    },
    onUnreadable(error: unknown): void {
      unreadable = error;
    },
  };
  progress.update(before, path);
  try {
    const { id, outcome, addedBytes, besides } = await importFile(run, file);
    addOutcome(report, outcome);
    const kept = outcome === "replaced" ? (await context.archiver.info(id)).versions.length : 0;
    const remark = remarkOn(outcome, { path, id, besides, kept });
    if (remark !== undefined) {
      report.warnings.push(remark);
      context.output.note(remark);
    } else if (outcome === "created" || outcome === "appended") {
      const how = outcome === "created" ? "imported" : outcome;
      progress.finished(`${how} ${id} (${formatSize(addedBytes)})`);
    }
    return true;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    const { code, message } = failureOf(session ?? "", error);
    addFailure(context, report, { path, id: session ?? null, code, message });
    const isOurs = codeOf(error) === undefined || hasCode(error, "QUOTA", "UNAVAILABLE");
    return unreadable !== undefined || !isOurs;
  }
}

function addFailure({ output }: CommandContext, report: ImportReport, failure: ImportFailure): void {
  const text = failureText(failure);
  report.failed.push(failure);
  report.warnings.push(text);
  output.note(text);
}
