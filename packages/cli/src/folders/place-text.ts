/** What is to be said about one agent's folder. */
import type { LeftOut, PlacePlan } from "@session-archiver/agent-folders";
import { formatSize } from "../output/sizes.js";
import { count, printable } from "../output/text.js";

export function notFreedLines({ place, notFreed }: PlacePlan): readonly string[] {
  return notFreed === undefined ? [] : [printable(`Nothing is freed in ${place.home}: ${notFreed}`)];
}

export function leftOutLine({ place, leftOut }: PlacePlan): readonly string[] {
  const kinds = new Map<LeftOut["reason"], number>();
  for (const { reason } of leftOut) if (reason !== "held aside") kinds.set(reason, (kinds.get(reason) ?? 0) + 1);
  if (kinds.size === 0) return [];
  const parts = [...kinds].sort(([, a], [, b]) => b - a).map(([reason, number]) => leftOutText(reason, number));
  return [`Never touched  in ${printable(place.home)}: ${parts.join(", ")}; --json names them`];
}

function leftOutText(reason: LeftOut["reason"], number: number): string {
  const files = count(number, "file");
  switch (reason) {
    case "empty":
      return count(number, "empty file");
    case "not a session":
      return `${files} that ${number === 1 ? "is" : "are"} no session`;
    case "several names":
      return `${number} with several names`;
    case "link":
      return count(number, "link");
    case "denied":
      return `${files} of credentials, keys, settings or databases`;
    case "unreadable":
      return `${number} that can't be read`;
    case "no beginning":
      return `${files} without the beginning`;
    case "held aside":
      return `${number} held aside`;
  }
}

export function cleanUpLines({ place, cleanUp: { sessions, bytes } }: PlacePlan): readonly string[] {
  if (sessions === 0) return [];
  const what = `${count(sessions, "session")} of ${formatSize(bytes)}`;
  return [`${place.source.label} itself deletes ${what} within 7 days, unless its period was changed`];
}
