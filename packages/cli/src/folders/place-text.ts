/** What is to be said about one agent's folder. */
import type { PlacePlan } from "@session-archiver/agent-folders";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";

export function notFreedLines({ place, notFreed }: PlacePlan): readonly string[] {
  return notFreed === undefined ? [] : [`Nothing is freed in ${place.home}: ${notFreed}`];
}

export function leftOutLine({ place, leftOut }: PlacePlan): readonly string[] {
  const kinds = new Map<string, number>();
  for (const { reason } of leftOut) if (reason !== "held aside") kinds.set(reason, (kinds.get(reason) ?? 0) + 1);
  if (kinds.size === 0) return [];
  const parts = [...kinds].map(([reason, number]) => `${number} ${reason}`);
  return [`Never touched  in ${place.home}: ${parts.join(", ")}; --json names them`];
}

export function cleanUpLines({ place, cleanUp: { sessions, bytes } }: PlacePlan): readonly string[] {
  if (sessions === 0) return [];
  const what = `${count(sessions, "session")} of ${formatSize(bytes)}`;
  return [`${place.source.label} itself deletes ${what} within 7 days, unless its period was changed`];
}
