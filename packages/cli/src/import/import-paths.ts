/** Imports files and folders by the paths that people name. */
import { codeOf, failureOf, hasCode, throwIfAborted } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { Progress } from "../output/progress.js";
import { formatSize } from "../output/sizes.js";
import { type FoundFile, findFiles, type ImportFailure } from "./find.js";
import { importFile } from "./import-file.js";
import { type KnownSessions, knownSessions } from "./known-sessions.js";
import { leftOutText } from "./left-out.js";
import { addOutcome, emptyReport, failureText, type ImportReport, remarkOn, reportText } from "./report.js";

export interface ImportCommandOptions {
  readonly strict?: true;
}

/** Whether all went well. Single files that are at fault themselves count only if `strict`. */
export async function importPaths(
  context: CommandContext,
  paths: string[],
  { strict }: ImportCommandOptions,
): Promise<boolean> {
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

/** Whether it worked, or the file itself is at fault. */
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
