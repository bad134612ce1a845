/** What runs have freed, by the notes of the sessions. */
import type { OpOptions } from "@session-archiver/core";
import { readCatalogue } from "./catalogue.js";
import type { FolderHost } from "./host.js";
import type { Run } from "./originals.js";

export interface RunSummary extends Run {
  /** Sessions that it has freed and that no later run has, by id. */
  readonly sessions: readonly string[];
  /** Their raw bytes, and the bytes of disk that freeing them gave back. */
  readonly rawBytes: number;
  readonly freedDiskBytes: number;
  /** How many of them have been put back since, and how many are held aside still. */
  readonly back: number;
  readonly held: number;
}

/** Newest first. */
export async function runsOf(host: Pick<FolderHost, "archiver">, op: OpOptions = {}): Promise<readonly RunSummary[]> {
  const runs = new Map<string, RunSummary>();
  for (const { id, rawBytes, originals } of (await readCatalogue(host.archiver, op)).sessions) {
    const { run, state, freedDiskBytes = 0 } = originals ?? {};
    if (!run) continue;
    const before = runs.get(run.id) ?? { ...run, sessions: [], rawBytes: 0, freedDiskBytes: 0, back: 0, held: 0 };
    runs.set(run.id, {
      ...before,
      sessions: [...before.sessions, id],
      rawBytes: before.rawBytes + rawBytes,
      freedDiskBytes: before.freedDiskBytes + freedDiskBytes,
      back: before.back + (state === "kept" ? 1 : 0),
      held: before.held + (state === "held" ? 1 : 0),
    });
  }
  return [...runs.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}
