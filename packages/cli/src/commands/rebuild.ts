import { hasCode, type OtherCatalogue, type RebuildReport } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { stopYoungGrowth } from "../keep-young-small.js";
import { count, printable } from "../output/text.js";
import type { Previous } from "../stores/open.js";

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
    .action(action(rebuild, "anew"));
};

async function rebuild(context: CommandContext, options: Options): Promise<boolean> {
  const { output } = context;
  const report = await rebuildCatalogue(context, options);
  for (const failure of report.failures) output.note(failureLine(failure));
  await output.result(report, rebuildText(report));
  return report.failures.length + report.notCopied.length === 0;
}

/** With 16, it was just below that when it came to the records, and went on to 40. */
const YOUNG_MIB = 8;

/** Takes over what can be read of catalogues that were set aside. */
export async function rebuildCatalogue(
  { archiver, stores, output, signal }: CommandContext,
  options: Options = {},
): Promise<RebuildReport> {
  stopYoungGrowth(YOUNG_MIB);
  let report: RebuildReport | undefined;
  const finished: Previous[] = [];
  for (const previous of stores.previous()) {
    const reason = previous.reason.replace(/\.$/, "");
    output.note(`The catalogue could not be used: ${reason}. It is kept as "${previous.path}".`);
    let from: OtherCatalogue | undefined;
    try {
      from = await previous.open();
    } catch (error) {
      output.note(`Nothing could be read of it: ${error instanceof Error ? error.message : String(error)}`);
      // What can't be reached now may be later.
      if (!hasCode(error, "CORRUPT", "NOT_FOUND", "INVALID_ARGUMENT")) continue;
    }
    const taken = from && (await archiver.rebuild({ ...options, from, signal }));
    for (const { id, message } of taken?.notCopied ?? []) output.note(`not taken over yet: ${id}: ${message}`);
    if (!taken || taken.notCopied.length === 0) finished.push(previous);
    if (taken) report = both(report, taken);
  }
  report ??= await archiver.rebuild({ ...options, signal });
  for (const previous of finished) await previous.done();
  return report;
}

/** What two runs have done, one after the other. */
function both(first: RebuildReport | undefined, then: RebuildReport): RebuildReport {
  if (!first) return then;
  const all = (key: "made" | "merged" | "withVersions" | "copied" | "cut" | "quarantined"): string[] => [
    ...new Set([...first[key], ...then[key]]),
  ];
  return {
    ...then,
    made: all("made"),
    merged: all("merged"),
    withVersions: all("withVersions"),
    copied: all("copied"),
    cut: all("cut"),
    quarantined: all("quarantined"),
    notCopied: [...first.notCopied, ...then.notCopied],
    unchangedCount: first.unchangedCount,
    prunedCount: first.prunedCount + then.prunedCount,
  };
}

export function rebuildText(report: RebuildReport): string {
  const { made, merged, unchangedCount, prunedCount, withVersions, liveLost, unreadableRecords } = report;
  const { copied, cut, quarantined } = report;
  const lines: string[] = [];
  if (made.length > 0) {
    lines.push(
      `Made ${count(made.length, "session")} anew${prunedCount > 0 ? `, ${prunedCount} with a tombstone` : ""}.`,
    );
  }
  if (copied.length > 0) lines.push(`Took ${count(copied.length, "session")} over from the one that was there before.`);
  if (cut.length > 0) lines.push("The live bytes of these could not be read to their end:", ...listed(cut));
  if (quarantined.length > 0) {
    lines.push(`Kept among the archives, under "quarantine/": ${count(quarantined.length, "damaged object")}.`);
  }
  if (merged.length > 0) lines.push(`Gave ${count(merged.length, "session")} what the catalogue lacked.`);
  if (unchangedCount > 0) lines.push(`Nothing was lacking in ${count(unchangedCount, "session")}.`);
  if (withVersions.length > 0) {
    lines.push("Archives of these sessions hold different things; `cat --kept N` reads each:", ...listed(withVersions));
  }
  if (liveLost.length > 0) {
    lines.push(
      "These had live output in the lost catalogue, and only what was archived is here. If an agent has newer output, import it again:",
      ...listed(liveLost),
    );
  }
  if (unreadableRecords.length > 0) {
    lines.push(`${count(unreadableRecords.length, "run record")} can't be read: tombstones and pins may be missing.`);
  }
  for (const { storeId, objects } of report.otherStores) {
    lines.push(
      `There are ${count(objects, "file")} of another store: \`rebuild --store-id ${storeId}\` takes its sessions in, too.`,
    );
  }
  const isAnew = merged.length + unchangedCount + copied.length === 0;
  if (made.length > 0 && isAnew) {
    lines.push("Sessions that were never archived left nothing here. Import them again.");
  }
  return lines.length > 0 ? lines.join("\n") : "There are no archives here to make sessions from.";
}

function listed(ids: readonly string[]): readonly string[] {
  return ids.map((id) => `  ${printable(id)}`);
}
