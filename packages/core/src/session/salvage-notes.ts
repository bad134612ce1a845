/** What salvages could not bring back of damaged archives, as the metadata notes it. Pure. */
import type { Json, Meta } from "../ports.js";
import { countAt, KEY, OUTPUT, positiveAt, recordIn, stringAt, stringsAt } from "./metadata.js";

/** Lines `[from, to)` of the file as it was, counted from 0. `to` is `null` if nothing says how many there were. */
export type LostLines = readonly [from: number, to: number | null];

/** What a salvage could not bring back of one file. */
export interface SalvageNote {
  /** Unix ms. */
  readonly at: number;
  /** Name of the file; the output is called `output`. */
  readonly name: string;
  /** The earlier output that is meant, counted from 1; `null` for the session's present files. */
  readonly version: number | null;
  /** The lines that are missing. Lines that were cut in two are among them. */
  readonly lostLines: readonly LostLines[];
  readonly lostBytes: number;
  /**
   * Whether saved lines could not be compared with a checksum, because the manifest was lost as well: they may hold
   * damage.
   */
  readonly unproven: boolean;
  /** What was wrong. */
  readonly reason: string;
  /** Sink keys under which the damaged objects are kept. */
  readonly quarantined: readonly string[];
}

export function storedNote({ version, ...note }: SalvageNote): Json {
  return version === null ? { ...note } : { ...note, version };
}

/** Oldest first. Notes that can't be understood are left out. */
export function salvageNotes(meta: Meta): readonly SalvageNote[] {
  const notes = meta[KEY.salvaged];
  return Array.isArray(notes) ? notes.flatMap((value) => noteIn(value) ?? []) : [];
}

function noteIn(value: unknown): SalvageNote | undefined {
  const note = recordIn(value);
  const at = note && positiveAt(note, "at");
  if (!note || at === undefined) return undefined;
  const lines = note["lostLines"];
  return {
    at,
    name: stringAt(note, "name") ?? OUTPUT,
    version: countAt(note, "version") ?? null,
    lostLines: Array.isArray(lines) ? lines.filter(isRange) : [],
    lostBytes: countAt(note, "lostBytes") ?? 0,
    unproven: note["unproven"] === true,
    reason: stringAt(note, "reason") ?? "",
    quarantined: stringsAt(note, "quarantined"),
  };
}

function isRange(value: unknown): value is LostLines {
  const isCount = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0;
  return Array.isArray(value) && value.length === 2 && isCount(value[0]) && (value[1] === null || isCount(value[1]));
}
