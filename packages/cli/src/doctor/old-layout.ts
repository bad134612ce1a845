/**
 * The folder of a plain-file store: sessions lie in `store`, and `sessions` is a link that leads back to itself, so that
 * version 0.1, which kept them there, doesn't take the store for an empty one.
 */
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import type { DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { lstatOf, statOf } from "./stats.js";

export async function* layoutFindings({ store: spec, platform }: DoctorPlaces): AsyncGenerator<Finding> {
  if (spec?.kind !== "fs") return;
  const { path } = spec;
  const store = join(path, "store");
  const old = join(path, "sessions");
  const link = lstatOf(old);
  const common = { kind: "old-layout", sessions: [] } as const;
  if (isFolder(store) && isFolder(old)) {
    yield {
      ...common,
      severity: "damage",
      message: `Besides "${store}" there is "${old}", which version 0.1 has made. No command works until one of them is elsewhere, and each may hold sessions.`,
      remedy: `look at the old one by itself: move it to a folder of its own as "sessions" and name that with --store fs:DIR`,
    };
  } else if (isFolder(old)) {
    yield {
      ...common,
      severity: "note",
      message: `The sessions in "${path}" lie in "sessions", as version 0.1 kept them. The next command that writes moves them to "store", unless no links can be made there. After that, version 0.1 can't open them any more.`,
      remedy: null,
    };
  } else if (isFolder(store) && link && !leadsToItself(old)) {
    yield {
      ...common,
      severity: "warning",
      message: `"${old}" is not the link that this store has there. Commands that write will fail.`,
      remedy: `see what it is, and move it away; the next command makes the link again`,
    };
  } else if (isFolder(store) && !link && platform !== "win32") {
    yield {
      ...common,
      severity: "note",
      message: `The link "${old}" is missing, which keeps version 0.1 from taking the store for an empty one. The next command that writes makes it again.`,
      remedy: null,
    };
  }
}

function leadsToItself(path: string): boolean {
  try {
    return readlinkSync(path).startsWith("sessions/");
  } catch {
    return false; // no link
  }
}

function isFolder(path: string): boolean {
  try {
    return statOf(path)?.isDirectory() ?? false;
  } catch {
    return false; // a link that leads back to itself
  }
}
