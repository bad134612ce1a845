/** Imports files and folders by the paths that people name. */
import { codeOf, failureOf, hasCode } from "@session-archiver/core";
import { atOnce } from "../at-once.js";
import type { CommandContext } from "../command.js";
import { tally } from "../commands/byte-progress.js";
import type { Progress } from "../output/progress.js";
import { formatSize } from "../output/sizes.js";
import { type FoundFile, findFiles, type ImportFailure } from "./find.js";
import { type Imported, type ImportRun, importFile } from "./import-file.js";
import { FEW, type KnownSessions, knownSessions } from "./known-sessions.js";
import { leftOutText } from "./left-out.js";
import { addOutcome, emptyReport, failureText, type ImportReport, remarkOn, reportText } from "./report.js";
import { type Turn, turns } from "./turns.js";

/** Raw bytes per packed byte, about. */
const USUAL_GAIN = 5;

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

  // So few are looked up one by one, and what one import makes may be what the next one looks for.
  const isMany = found.files.length > FEW;
  const files = isMany ? oldestFirst(found.files) : found.files;
  context.tellsRevived();
  const sessions = knownSessions(context, found.files.length);
  const total = found.files.reduce((sum, { size }) => sum + size, 0);
  let isStoreWell = true;
  await output.withProgress({ label: "import", total, unit: "bytes" }, async (progress) => {
    const order = isMany ? turns() : undefined;
    const underWay = new Map<string, number>();
    const done = tally(underWay);
    await atOnce<FoundFile, Ended>(files, {
      signal,
      many: isMany,
      weigh: ({ size, form }) => (form === "plain" ? size : size * USUAL_GAIN),
      work: (file) => {
        underWay.set(file.location, file.size);
        const onProgress = (id: string, part: number): void => progress.update(done(file.location, part), id);
        return importOne(context, sessions, order?.next(), file, onProgress);
      },
      done(file, ended) {
        progress.update(done(file.location, 1), file.path);
        isStoreWell = tellOf(context, report, progress, file, ended) && isStoreWell;
      },
    });
  });
  await output.result(report, reportText(report));
  return found.misnamed.length === 0 && isStoreWell && (!strict || report.failed.length === 0);
}

/** A store that has indexes by time then writes them from one end to the other. See ADR 0042. */
function oldestFirst(files: readonly FoundFile[]): readonly FoundFile[] {
  return files.toSorted((one, other) => one.changedMs - other.changedMs);
}

/** How a file ended: taken in, or not. */
type Ended =
  | { readonly imported: Imported; readonly kept: number }
  | { readonly failure: ImportFailure; readonly isFileAtFault: boolean };

async function importOne(
  context: CommandContext,
  sessions: KnownSessions,
  turn: Turn | undefined,
  file: FoundFile,
  onProgress: ImportRun["onProgress"],
): Promise<Ended> {
  let session: string | undefined;
  let unreadable: unknown;
  const run: ImportRun = {
    context,
    sessions,
    turn,
    onProgress(id, part) {
      session = id;
      onProgress(id, part);
    },
    onUnreadable(error) {
      unreadable = error;
    },
  };
  try {
    const imported = await importFile(run, file);
    const { id, outcome } = imported;
    return { imported, kept: outcome === "replaced" ? (await context.archiver.info(id)).versions.length : 0 };
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    const { code, message } = failureOf(session ?? "", error);
    const isOurs = codeOf(error) === undefined || hasCode(error, "QUOTA", "UNAVAILABLE");
    const failure = { path: file.path, id: session ?? null, code, message };
    return { failure, isFileAtFault: unreadable !== undefined || !isOurs };
  } finally {
    turn?.end();
  }
}

/** Whether it worked, or the file itself is at fault. */
function tellOf(
  context: CommandContext,
  report: ImportReport,
  progress: Progress,
  { path }: FoundFile,
  ended: Ended,
): boolean {
  if ("failure" in ended) {
    addFailure(context, report, ended.failure);
    return ended.isFileAtFault;
  }
  const { id, outcome, addedBytes, besides } = ended.imported;
  addOutcome(report, outcome);
  const remark = remarkOn(outcome, { path, id, besides, kept: ended.kept });
  if (remark !== undefined) {
    report.warnings.push(remark);
    context.output.note(remark);
  } else if (outcome === "created" || outcome === "appended") {
    progress.finished(`${outcome === "created" ? "imported" : outcome} ${id} (${formatSize(addedBytes)})`);
  }
  return true;
}

function addFailure({ output }: CommandContext, report: ImportReport, failure: ImportFailure): void {
  const text = failureText(failure);
  report.failed.push(failure);
  report.warnings.push(text);
  output.note(text);
}
