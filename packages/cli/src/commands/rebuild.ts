import type { RebuildReport } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { count, printable } from "../output/text.js";
import { failureLine } from "../sessions.js";

interface Options {
  readonly storeId?: string;
  readonly quick?: true;
}

export const addRebuild: AddCommand = (program, action) => {
  program
    .command("rebuild")
    .description("make the catalogue anew from the archives, or give it what it lacks; deletes nothing")
    .option("--store-id <id>", "whose archives, if these are of several stores (12 hex digits)")
    .option("--quick", "believe manifests whose archives have the right size and CRC, without reading them whole")
    .action(action(rebuild));
};

async function rebuild({ archiver, output, signal }: CommandContext, options: Options): Promise<boolean> {
  const report = await archiver.rebuild({ ...options, signal });
  for (const failure of report.failures) output.note(failureLine(failure));
  await output.result(report, rebuildText(report));
  return report.failures.length === 0;
}

export function rebuildText(report: RebuildReport): string {
  const { made, merged, unchangedCount, prunedCount, withVersions, liveLost, unreadableRecords } = report;
  const lines = [
    `Made ${count(made.length, "session")} anew${prunedCount > 0 ? `, ${prunedCount} with a tombstone` : ""}.`,
  ];
  if (merged.length > 0) lines.push(`Gave ${count(merged.length, "session")} what the catalogue lacked.`);
  if (unchangedCount > 0) lines.push(`${count(unchangedCount, "session")} lacked nothing.`);
  if (withVersions.length > 0) {
    lines.push("Archives of these sessions hold different things; `cat --kept N` reads each:", ...listed(withVersions));
  }
  if (liveLost.length > 0) {
    lines.push(
      "These had newer output in the lost catalogue's store alone. If an agent still has it, import it again:",
      ...listed(liveLost),
    );
  }
  if (unreadableRecords.length > 0) {
    lines.push(`${count(unreadableRecords.length, "run record")} can't be read: tombstones and pins may be missing.`);
  }
  if (made.length > 0) lines.push("Sessions that were never archived left nothing here. Import them again.");
  return lines.join("\n");
}

function listed(ids: readonly string[]): readonly string[] {
  return ids.map((id) => `  ${printable(id)}`);
}
