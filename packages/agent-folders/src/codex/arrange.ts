/**
 * Codex resumes a thread only from the exact place that it knows. It lists a thread twice that has two files, goes on in one
 * of them, and `codex archive` writes one over the other. So a second file is refused here; a file's mtime is only shown.
 */
import { ArchiverError } from "@session-archiver/core";
import type { Files } from "../files.js";
import type { Arranged, Place, RestoredFile } from "../source.js";
import { isUnreadableRoot } from "../walk/walk.js";
import type { KnownHeads } from "./known-heads.js";
import { rolloutName } from "./names.js";
import { readRollouts } from "./rollouts.js";
import { rolloutsBelow } from "./scan.js";
import { isStart, unitId } from "./threads.js";

export async function arrangeCodex(
  place: Place,
  files: Files,
  nativeId: string,
  restored: readonly RestoredFile[],
  heads: KnownHeads,
): Promise<Arranged> {
  const { found, leftOut } = await rolloutsBelow(place, files, {});
  const unseen = leftOut.find(isUnreadableRoot);
  if (unseen) {
    const message = `"${unseen.root}" of Codex can't be listed, so nothing shows whether this thread is there already.`;
    throw new ArchiverError("UNAVAILABLE", message, { id: unitId(nativeId) });
  }
  const places = new Set(restored.map(({ root, path }) => `${root}/${path}`));
  const others = found.filter(({ root, path }) => !places.has(`${root.name}/${path}`));
  const names = new Set(restored.map(({ path }) => rolloutName(path)?.plain));
  const conflict = (root: string, path: string, what: string): ArchiverError => {
    const message = `${root}/${path} ${what}, and Codex goes on in only one of two. Move that one away first.`;
    return new ArchiverError("CONFLICT", message, { id: unitId(nativeId), key: path });
  };
  for (const { root, path, name } of others) {
    if (names.has(name.plain)) throw conflict(root.name, path, "is a file of the same name");
  }
  // What a revert began may go back beside the thread's beginning, wherever that lies.
  if (!restored.some(({ path }) => isStart(rolloutName(path), undefined))) return arranged(nativeId, restored);
  const { rollouts } = await readRollouts(others, files, { known: heads.find });
  heads.note(rollouts);
  for (const rollout of rollouts) {
    if (rollout.nativeId === nativeId && isStart(rollout.name, rollout.continues)) {
      throw conflict(rollout.root, rollout.path, "begins the same thread");
    }
  }
  return arranged(nativeId, restored);
}

function arranged(nativeId: string, restored: readonly RestoredFile[]): Arranged {
  const isArchived = restored.some(({ root }) => root === ARCHIVED);
  return {
    mtimesMs: restored.map(({ mtimeMs }) => mtimeMs),
    warnings: isArchived ? [`Codex has it in its own archive: codex unarchive ${nativeId} before it is resumed`] : [],
  };
}

/** Where `codex archive` moves threads to. */
export const ARCHIVED = "archived_sessions";
