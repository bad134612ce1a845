/** Units whose files stay because units that stay need them. */
import type { OpOptions } from "@session-archiver/core";
import type { FolderHost } from "../host.js";
import type { FolderStep } from "./plan-types.js";

const FREEING: readonly string[] = ["free", "archive-and-free"];

/** The steps, with those left that others need. A unit that stays may itself need others, so this is asked repeatedly. */
export async function needed(
  { files }: FolderHost,
  steps: readonly FolderStep[],
  op: OpOptions,
): Promise<FolderStep[]> {
  const result = [...steps];
  for (const place of new Set(steps.map((step) => step.place))) {
    for (let isSettled = false; !isSettled; ) {
      const here = result.filter((step) => step.place === place);
      const freeing = here.filter(({ action }) => FREEING.includes(action)).map(({ unit }) => unit);
      if (freeing.length === 0) break;
      const staying = here.filter(({ action }) => !FREEING.includes(action)).map(({ unit }) => unit);
      const why = await place.source.neededBy(place, files, freeing, staying, op);
      isSettled = true;
      for (const [i, step] of result.entries()) {
        const reason = step.place === place && FREEING.includes(step.action) ? why.get(step.unit.id) : undefined;
        if (reason === undefined) continue;
        result[i] = { ...step, action: "leave", reason: "needed", why: reason };
        isSettled = false;
      }
    }
  }
  return result;
}
