/** The result of an import, for programs and for people. */
import type { ImportOutcome } from "@session-archiver/core";
import type { ImportFailure, LeftOut } from "./find.js";

/** The document of `import --json`. Numbers are files. */
export interface ImportReport {
  /** New sessions. */
  imported: number;
  appended: number;
  /** Nothing was done: `unchanged`, `older`, `pruned` and `forgotten` together. */
  skipped: number;
  unchanged: number;
  /** Copies of an earlier state of their session. */
  older: number;
  /** The session has a tombstone, and the file no new output. */
  pruned: number;
  /** The session was forgotten, and is not taken in again. */
  forgotten: number;
  /** Rewritten: the session holds the file's bytes, and its earlier ones are kept as a version. */
  replaced: number;
  /** Sessions whose archive was missing or damaged, and was made anew. */
  mended: number;
  /** Sessions that were pruned and whose agent has continued. */
  revived: number;
  readonly leftOut: readonly LeftOut[];
  readonly failed: ImportFailure[];
  /** Every message to people about something unusual, failures included. */
  readonly warnings: string[];
}

export function emptyReport(leftOut: readonly LeftOut[]): ImportReport {
  const counts = { imported: 0, appended: 0, skipped: 0, unchanged: 0, older: 0, pruned: 0, forgotten: 0 };
  return { ...counts, replaced: 0, mended: 0, revived: 0, leftOut, failed: [], warnings: [] };
}

/** The outcomes of a file. One that differs is imported into another session instead. */
export type Outcome = Exclude<ImportOutcome, "differs">;

export function addOutcome(report: ImportReport, outcome: Outcome): void {
  report[outcome === "created" ? "imported" : outcome]++;
  if (SKIPPED.has(outcome)) report.skipped++;
}

const SKIPPED: ReadonlySet<Outcome> = new Set(["unchanged", "older", "pruned", "forgotten"]);

export function reportText(report: ImportReport): string {
  const { imported, appended, skipped, replaced, mended, revived, leftOut, failed } = report;
  const parts = [
    `${imported} imported`,
    `${appended} appended`,
    replaced > 0 && `${replaced} replaced`,
    mended > 0 && `${mended} mended`,
    revived > 0 && `${revived} revived`,
    `${skipped} skipped${whySkipped(report)}`,
    leftOut.length > 0 && `${leftOut.length} left out`,
    `${failed.length} failed`,
  ];
  return `${parts.filter((part) => part !== false).join(", ")}.`;
}

/** Skipped files are mostly unchanged, which need not be mentioned. */
function whySkipped({ unchanged, older, pruned, forgotten }: ImportReport): string {
  const reasons = [
    unchanged > 0 && `${unchanged} unchanged`,
    older > 0 && `${older} older ${older === 1 ? "copy" : "copies"}`,
    pruned > 0 && `${pruned} pruned`,
    forgotten > 0 && `${forgotten} forgotten`,
  ].filter((reason) => reason !== false);
  return older + pruned + forgotten > 0 ? ` (${reasons.join(", ")})` : "";
}

export interface Told {
  readonly path: string;
  readonly id: string;
  /** The session that the file would belong to, if that one did not hold something else. */
  readonly besides: string | undefined;
  /** How many earlier versions of the session are kept. */
  readonly kept: number;
}

/** What to print about a file beside counting it; `undefined`: nothing. */
export function remarkOn(outcome: Outcome, { path, id, besides, kept }: Told): string | undefined {
  if (outcome === "replaced") {
    return `replaced ${id}: ${path} was rewritten; what the session held before is kept: \`session-archiver cat ${id} --kept ${kept}\``;
  }
  if (outcome === "mended") return `mended ${id}: its archive was missing or damaged, and was made anew from ${path}`;
  if (outcome === "revived") return `revived ${id}: it was pruned, and its agent went on: ${path} is taken up again`;
  if (outcome === "pruned") return `skipped ${path}: session ${id} was pruned (see undo-prune)`;
  if (outcome === "forgotten") {
    return `skipped ${path}: session ${id} was forgotten; to take it in after all, run \`session-archiver forget --undo ${id}\` first`;
  }
  if (besides !== undefined && outcome === "created") {
    return `imported ${path} as ${id}: it says that it is the same session as ${besides}, but holds something else`;
  }
  return undefined;
}

export function failureText({ path, message, code }: ImportFailure): string {
  return `failed: ${path}: ${message} [${code}]`;
}
