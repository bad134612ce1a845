/** The rows of the list. */
import { hasCode, type Meta, type SessionInfo } from "@session-archiver/core";
import type { SessionRow } from "./api.ts";
import type { App } from "./app.ts";
import { APP_KEY, isMarked, kindOf, originOf, titleOf } from "./meta.ts";

/** Hides sessions that are still being created or deleted. */
export function isShown(meta: Meta): boolean {
  return !isMarked(meta, APP_KEY.creating) && !isMarked(meta, APP_KEY.removing);
}

/** Looks at the blobs only of sessions that are being written to; for the others the metadata is enough. */
export async function listRows(app: App, isRunning: (id: string) => boolean): Promise<readonly SessionRow[]> {
  const rows: Promise<SessionRow | undefined>[] = [];
  for await (const info of app.archiver.list({ from: "metadata" })) {
    if (!isShown(info.meta)) continue;
    const agentRunning = isRunning(info.id);
    const isWritten = agentRunning || isMarked(info.meta, APP_KEY.writing);
    rows.push(isWritten ? currentRow(app, info.id, agentRunning) : Promise.resolve(rowOf(info, false)));
  }
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}

async function currentRow(app: App, id: string, agentRunning: boolean): Promise<SessionRow | undefined> {
  try {
    return rowOf(await app.archiver.info(id), agentRunning);
  } catch (error) {
    // A damaged session must not stop the listing. One that was deleted since needs no warning.
    if (!hasCode(error, "NOT_FOUND")) app.events.warn(error, id);
    return undefined;
  }
}

export function rowOf(info: SessionInfo, agentRunning: boolean): SessionRow {
  const { id, state, lineCount, rawBytes, totalBytes, liveBytes, archivedAt, pinned, prunedAt, pruneReason } = info;
  return {
    id,
    title: titleOf(info),
    kind: kindOf(info),
    ...originOf(info),
    state,
    lineCount,
    rawBytes,
    liveBytes,
    archiveBytes: totalBytes - liveBytes,
    lastActivityMs: info.lastActivityMs,
    archivedAt,
    pinned,
    prunedAt,
    pruneReason,
    canUndo: state === "pruned" && archivedAt !== null,
    undoableUntil: info.undoableUntil,
    purgedAt: info.purgedAt,
    agentRunning,
  };
}
