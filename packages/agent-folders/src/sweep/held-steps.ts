/** What is held aside in a place, and whose it is. */
import type { OpOptions } from "@session-archiver/core";
import type { Catalogue } from "../catalogue.js";
import type { HeldPart } from "../claim/claim-types.js";
import type { FolderHost } from "../host.js";
import type { Place } from "../source.js";
import type { HeldStep } from "./plan-types.js";
import { daysToMs } from "./policy.js";

export async function heldSteps(
  { rule, files }: Pick<FolderHost, "rule" | "files">,
  catalogue: Catalogue,
  place: Place,
  op: OpOptions,
): Promise<readonly HeldStep[]> {
  const steps: HeldStep[] = [];
  for (const root of place.roots) {
    const byPath = new Map<string, HeldPart[]>();
    for await (const part of rule.heldParts(files, root.path, op)) {
      byPath.set(part.path, [...(byPath.get(part.path) ?? []), part]);
    }
    for (const [path, parts] of byPath) {
      const noted = catalogue.at(place, root.name, path);
      const diskBytes = parts.reduce((sum, { look }) => sum + look.diskBytes, 0);
      const dueAt = Math.max(...parts.map(({ at }) => at)) + daysToMs(1);
      steps.push({ place, root: root.name, path, parts, sessionId: noted?.session.id, diskBytes, dueAt });
    }
  }
  return steps;
}
