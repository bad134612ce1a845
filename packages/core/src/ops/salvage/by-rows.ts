/** Looks for each segment of a damaged file by its row: every one that is found is proven by its CRC. */
import { ArchiverError, throwIfAborted } from "../../errors.js";
import type { Segment } from "../../format/manifest.js";
import { newlinesIn } from "../../jsonl.js";
import type { OpOptions } from "../../ports.js";
import type { Donor } from "./donors.js";
import type { Rows } from "./known-rows.js";
import type { Found, Run, Saved } from "./saved.js";

/** Donors are asked in turn; a later one is made only if those before lack something. */
export type Donors = readonly (() => Promise<Donor | undefined>)[];

/** Holes are what no donor has. Needs the memory of one segment. */
export async function findByRows(
  rows: Rows,
  donors: Donors,
  totalLines: number | undefined,
  op: OpOptions,
): Promise<Found> {
  const saved: (Saved | undefined)[] = rows.map(() => undefined);
  for (const make of donors) {
    if (saved.every((one) => one)) break;
    const donor = await make();
    for (const [i, row] of rows.entries()) {
      throwIfAborted(op.signal);
      if (donor && !saved[i]) saved[i] = await savedFrom(donor, row);
    }
  }
  const last = rows.at(-1);
  return {
    runs: runsOf(rows, saved),
    totalLines: totalLines ?? (last && last.line + (saved.at(-1)?.newlines ?? 0)),
    isExact: totalLines !== undefined || saved.at(-1) !== undefined,
  };
}

async function savedFrom(donor: Donor, row: Segment): Promise<Saved | undefined> {
  const raw = await donor.segment(row);
  if (!raw) return undefined;
  return {
    ...{ rawSize: row.rawSize, crc32: row.crc32, newlines: newlinesIn(raw), from: donor.from, proven: true },
    async read() {
      const again = await donor.segment(row);
      if (again) return again;
      throw new ArchiverError("CORRUPT", "Bytes that were found could not be read a second time: salvage again.");
    },
  };
}

function runsOf(rows: Rows, saved: readonly (Saved | undefined)[]): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < rows.length; at++) {
    const first = at;
    while (saved[at]) at++;
    if (at === first) continue;
    runs.push({
      pieces: saved.slice(first, at).flatMap((one) => one ?? []),
      isFirst: first === 0,
      isLast: at === rows.length,
      line: rows[first]?.line,
    });
  }
  return runs;
}
