/** Measures how the deletion of a large blob delays appends to other sessions. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { settleDisk } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import type { DeleteParams, DeleteResult } from "../ours/delete-large.js";
import type { Part } from "./part.js";

const deleteLarge = task<DeleteParams, DeleteResult>("ours/delete-large.js");

const NAMES: Readonly<Record<keyof DeleteResult, string>> = {
  delete: "the delete",
  aloneMedian: "an append before it, median",
  aloneLongest: "an append before it, longest",
  besideMedian: "an append during it, median",
  besideLongest: "an append during it, longest",
};

export const deletePart: Part = {
  name: "delete",
  about: "appends to a session in SQLite while another, large one is deleted",
  optIn: true,
  async run({ data, rounds, scratch }) {
    const folder = join(scratch, "store");
    const results: DeleteResult[] = [];
    for (let round = 0; round < rounds; round++) {
      settleDisk(scratch);
      const where = { folder, live: "sqlite", sink: "live", codec: "fflate" } as const;
      results.push(await deleteLarge({ where, bytes: data.size }));
      await rm(folder, { recursive: true });
    }
    return {
      part: "delete",
      title: `Deleting a blob of ${(data.size / 1e6).toFixed(0)} MB from SQLite, durably, while another session is appended to`,
      series: (Object.keys(NAMES) as (keyof DeleteResult)[]).map((key) => ({
        name: NAMES[key],
        unit: "s",
        samples: results.map((result) => result[key]),
        peaksMiB: [],
      })),
      claims: [],
    };
  },
};
