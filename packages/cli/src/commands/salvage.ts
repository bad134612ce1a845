import type { FoundIn, SalvagedFile, SalvageResult } from "@session-archiver/core";
import { type AddCommand, type CommandContext, unlessDryRun } from "../command.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { lostText } from "../output/lost-lines.js";
import { printable } from "../output/text.js";
import { forEachId } from "./each-id.js";

interface Options extends IdOptions {
  readonly dryRun?: true;
}

export const addSalvage: AddCommand = (program, action) => {
  takingIds(program.command("salvage"))
    .description("bring back what can be had of damaged archives, and name the lines that are lost")
    .option("--dry-run", "show what could be brought back, change nothing")
    .action(action(salvage, (_words: string[], options: Options) => unlessDryRun(options)));
};

/** Whether all lines of all sessions are there, or could be. */
async function salvage(context: CommandContext, words: string[], options: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  const sessions = await namedSessions(context, words, options);
  const dryRun = options.dryRun === true;
  const work = (id: string): Promise<SalvageResult> => archiver.salvage(id, { dryRun, signal });
  const { all, done, allWell } = await forEachId(context, sessions, work);
  await output.result(all, done.map((result) => salvageText(result, dryRun)).join("\n"));
  return allWell && done.every(({ outcome }) => outcome !== "salvaged" && outcome !== "lost");
}

export function salvageText({ id, outcome, files, quarantined, leftInPlace }: SalvageResult, dryRun: boolean): string {
  if (outcome === "whole") return `whole: ${printable(id)}`;
  if (outcome === "closed") {
    const it = dryRun ? "would say" : "says";
    return `closed: ${printable(id)}. Its archive is gone, and its tombstone ${it} now that it can't be taken back.`;
  }
  const would = dryRun ? "would be " : "";
  const lines = [
    ...files.filter((file) => file.outcome !== "whole").map((file) => fileText(id, file, would)),
    ...quarantined.map((key) => `  ${would}kept: ${key}`),
    ...leftInPlace.map((key) => `  ${would}left where it is: ${key}`),
  ];
  return lines.map(printable).join("\n");
}

function fileText(id: string, file: SalvagedFile, would: string): string {
  const { outcome, reason } = file;
  const what = `${id}${file.name === "output" ? "" : `, ${file.name}`}${file.version === null ? "" : `, version ${file.version}`}`;
  const why = reason === null ? "" : ` ${reason}`;
  if (outcome === "manifest") return `${would}given a new manifest: ${what}.${why}`;
  if (outcome === "mended")
    return `${would}mended: ${what}, from ${file.from.map(placeText).join(" and ") || "itself"}.${why}`;
  if (outcome === "lost") return `lost: ${what}. Nothing of it can be brought back, and it stays as it is.${why}`;
  const about = file.isExact ? "" : "about ";
  const unproven = file.unproven ? " The other lines could not be compared with checksums." : "";
  return `${would}salvaged: ${what}. Lost: ${about}${lostText(file)}.${unproven}${why}`;
}

function placeText(place: FoundIn): string {
  const places: Readonly<Record<FoundIn, string>> = {
    sink: "a copy among the archives",
    source: "the file it was imported from",
    live: "live bytes that were still there",
  };
  return places[place];
}
