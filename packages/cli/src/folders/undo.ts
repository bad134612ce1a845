/** Takes a whole sweep of agents' folders back. */
import { nodeFiles, undoRun } from "@session-archiver/agent-folders";
import type { SessionFailure } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { failureLine } from "../sessions.js";
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
  let done = 0;
  const report = await output.withProgress({ label: "undo", total: 1, unit: "bytes" }, (progress) =>
    undoRun(folderHost(context, nodeFiles()), run, {
      signal,
      trustRebuilt: yes === true,
      onRestored({ id, restoredBytes, warnings }) {
        done += restoredBytes;
        progress.update(done, id);
        for (const warning of warnings) output.note(`note: ${id}: ${warning}`);
      },
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
