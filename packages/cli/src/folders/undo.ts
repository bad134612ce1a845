/** Takes a whole sweep of agents' folders back. */
import { type FolderHost, nodeFiles, readCatalogue, runsOf, undoRun } from "@session-archiver/agent-folders";
import { ArchiverError, type SessionFailure } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { isConfirmed } from "./confirm.js";
import { folderHost } from "./host.js";

/** The document of `undo --json`. Sizes in bytes, times in unix ms. */
export interface UndoDocument {
  readonly run: { readonly id: string; readonly at: number; readonly why: string };
  readonly restored: readonly {
    readonly id: string;
    readonly files: readonly string[];
    readonly restoredBytes: number;
  }[];
  readonly failures: readonly SessionFailure[];
}

export async function undo(
  context: CommandContext,
  run: string | undefined,
  { yes }: { readonly yes?: true },
): Promise<boolean> {
  const { output, signal } = context;
  const host = folderHost(context, nodeFiles());
  const trustRebuilt = await mayTrust(context, host, run, yes === true);
  let done = 0;
  /** By warning: the sessions that it is about. */
  const said = new Map<string, readonly string[]>();
  const report = await output.withProgress({ label: "undo", total: 1, unit: "bytes" }, (progress) =>
    undoRun(host, run, {
      signal,
      trustRebuilt,
      onRestored({ id, restoredBytes, warnings }) {
        done += restoredBytes;
        progress.update(done, id);
        for (const warning of warnings) said.set(warning, [...(said.get(warning) ?? []), id]);
      },
    }).finally(() => {
      for (const [warning, ids] of said) output.note(`note: ${whose(ids)}: ${warning}`);
    }),
  );
  for (const failure of report.failures) output.note(failureLine(failure));
  const document: UndoDocument = {
    run: report.run,
    restored: report.restored.map(({ id, files, restoredBytes }) => {
      return { id, files: files.map(({ location }) => location), restoredBytes };
    }),
    failures: report.failures,
  };
  await output.result(document, () => {
    const back = `Put back ${count(report.restored.length, "session")} of run ${report.run.id} of ${formatTime(report.run.at)}: ${formatSize(done)}`;
    return report.failures.length === 0 ? `${back}.` : `${back}; ${report.failures.length} failed.`;
  });
  return report.failures.length === 0;
}

function whose([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${count(others.length, "more session")}`;
}

/**
 * Asks once for all sessions of the run whose places this catalogue has not seen itself; resolves to whether there are
 * any. `INVALID_ARGUMENT` if nobody said yes: then nothing is done.
 */
async function mayTrust(
  context: CommandContext,
  host: FolderHost,
  runId: string | undefined,
  yes: boolean,
): Promise<boolean> {
  if (yes) return true;
  const op = { signal: context.signal };
  const runs = await runsOf(host, op);
  const run = runs.find(({ id, sessions, back }) => (runId === undefined ? back < sessions.length : id === runId));
  const catalogue = await readCatalogue(host.archiver, op);
  const away = (run?.sessions ?? []).filter((id) => catalogue.get(id)?.originals?.state !== "kept");
  const concerned = new Set(away);
  // Sessions that others need are put back with them, whichever run has freed them.
  for (const id of concerned) {
    const needs = catalogue.get(id)?.originals?.needs ?? [];
    for (const unit of needs) concerned.add((catalogue.get(unit) ?? catalogue.called(unit))?.id ?? unit);
  }
  const rebuilt = catalogue.sessions.filter(({ id, originals }) => concerned.has(id) && originals?.rebuilt === true);
  if (rebuilt.length === 0) return false;
  const homes = [...new Set(rebuilt.flatMap(({ originals }) => originals?.home ?? []))].join(", ");
  const where = `in archives, and not seen by this catalogue: below ${homes}`;
  const what = `The places of ${count(rebuilt.length, "session")} were found ${where}.`;
  if (await isConfirmed(context, `${what} Put their files there?`)) return true;
  throw new ArchiverError("INVALID_ARGUMENT", `${what} Nothing was put back: to put their files there, add --yes.`);
}
