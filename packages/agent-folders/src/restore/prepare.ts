/** What a session's restore would do, after everything was read and checked that can refuse it. */
import { ArchiverError, type OpOptions } from "@session-archiver/core";
import type { FolderHost } from "../host.js";
import type { Originals } from "../originals.js";
import { originalsIn } from "../read-originals.js";
import type { Place } from "../source.js";
import { checkedLocation, inTheWay } from "./check-place.js";
import { judgePlace } from "./judge-place.js";
import type { Missing } from "./put-unit.js";
import { type WantedFile, wantedFiles } from "./wanted.js";

export interface RestoreUnitOptions extends OpOptions {
  /** Also if its places were noted by another catalogue, and were only found in a manifest. */
  readonly trustRebuilt?: boolean | undefined;
  /**
   * What to do if another file lies in one of the places. `refuse`, the default: `CONFLICT`, and nothing is put back.
   * `leave`: it stays, and the others are put back.
   */
  readonly others?: "refuse" | "leave" | undefined;
}

export interface Prepared {
  readonly id: string;
  readonly originals: Originals;
  readonly place: Place;
  /** All files of the unit, the transcript first, and those of them that are not in their places. */
  readonly wanted: readonly WantedFile[];
  readonly missing: readonly WantedFile[];
}

/** Reads the archive, and changes nothing. For the errors, see `restoreUnit`. */
export async function prepareUnit(host: FolderHost, id: string, options: RestoreUnitOptions): Promise<Prepared> {
  const op = { signal: options.signal };
  const info = await host.archiver.info(id, op);
  const originals = originalsOf(id, originalsIn(info.meta), options);
  const place = await host.placeOf(originals.source, originals.home);
  const wanted = await wantedFiles(host, place, id, originals, op).catch(async (error: unknown) => {
    // A sweep may have archived a newer file between the look at the note and that at the archive.
    if (!(await isNotedStill(host, id, originals, op))) throw changedMeanwhile(id, error);
    throw error;
  });
  return { id, originals, place, wanted, missing: await missingFiles(host, place, wanted, options) };
}

async function isNotedStill({ archiver }: FolderHost, id: string, noted: Originals, op: OpOptions): Promise<boolean> {
  const now = originalsIn((await archiver.info(id, op)).meta);
  return JSON.stringify(now) === JSON.stringify(noted);
}

function changedMeanwhile(id: string, cause: unknown): ArchiverError {
  const message = `Session "${id}" was swept while it was being restored: nothing was put back. Restore it again.`;
  return new ArchiverError("CONFLICT", message, { id, cause });
}

function originalsOf(id: string, originals: Originals | undefined, { trustRebuilt }: RestoreUnitOptions): Originals {
  if (!originals) {
    const message = `Session "${id}" was not made of an agent's files that are noted, so it has no place to be put back to.`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  if (originals.rebuilt && trustRebuilt !== true) {
    const message = `Where the files of session "${id}" lay was not noted by this catalogue, but found in a manifest, which says "${originals.home}": say that you trust it.`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  return originals;
}

async function missingFiles(
  host: FolderHost,
  place: Place,
  wanted: readonly WantedFile[],
  { others }: RestoreUnitOptions,
): Promise<readonly WantedFile[]> {
  const missing: WantedFile[] = [];
  for (const file of wanted) {
    await checkedLocation(host, place, file);
    const found = await judgePlace(host, file);
    if (found.is === "empty") missing.push(file);
    if (found.is === "other" && others !== "leave") throw inTheWay(file.location, found.look);
  }
  return missing;
}

/** The source hears of all files: those that are in their places already are no strangers there. */
export async function arranged(
  host: FolderHost,
  { place, originals: { nativeId }, wanted, missing }: Prepared,
): Promise<{ readonly dated: readonly Missing[]; readonly warnings: readonly string[] }> {
  if (missing.length === 0) return { dated: [], warnings: [] };
  const { mtimesMs, warnings } = await place.source.arrange(place, host.files, nativeId, wanted, host.now());
  const dated = wanted.map((file, i): Missing => ({ wanted: file, mtimeMs: mtimesMs[i] ?? file.mtimeMs }));
  return { dated: dated.filter((one) => missing.includes(one.wanted)), warnings };
}
