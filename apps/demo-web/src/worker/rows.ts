/** The rows of the list. */
import { KEY, type Meta, type SessionInfo, type StoredObject, stateOf } from "@session-archiver/core";
import type { SessionRow } from "./api.ts";
import type { App } from "./app.ts";
import { APP_KEY, countedTo, isMarked, kindOf, numberAt, positiveAt, textAt, titleOf } from "./meta.ts";

type Sizes = Pick<SessionRow, "state" | "rawBytes" | "liveBytes" | "archiveBytes">;

/** A session that is being made or deleted is none to be shown. */
export function isShown(meta: Meta): boolean {
  return !isMarked(meta, APP_KEY.making) && !isMarked(meta, APP_KEY.removing);
}

export async function rowOf(app: App, { id, meta }: StoredObject, agentRunning: boolean): Promise<SessionRow> {
  const known = agentRunning ? undefined : knownSizes(meta);
  if (known) return row(id, meta, known, agentRunning);
  const info = await app.archiver.info(id);
  return row(id, info.meta, sizesOf(info), agentRunning);
}

/** The sizes as far as the metadata alone tells: of a session at rest, so that a list needs no look at its blobs. */
export function knownSizes(meta: Meta): Sizes | undefined {
  if (isMarked(meta, APP_KEY.writing) || positiveAt(meta, KEY.settlingAt) !== undefined) return undefined;
  const state = stateOf(meta);
  const archiveBytes = numberAt(meta, KEY.storedBytes) ?? 0;
  const archivedBytes = numberAt(meta, KEY.archivedBytes) ?? 0;
  if (state === "archived" || state === "pruned") return { state, rawBytes: archivedBytes, liveBytes: 0, archiveBytes };
  const rawBytes = countedTo(meta)?.bytes;
  if (rawBytes === undefined || rawBytes < archivedBytes) return undefined;
  return { state, rawBytes, liveBytes: rawBytes - archivedBytes, archiveBytes };
}

function sizesOf(info: SessionInfo): Sizes {
  const archiveBytes = numberAt(info.meta, KEY.storedBytes) ?? 0;
  return { state: info.state, rawBytes: info.rawBytes, liveBytes: info.storedBytes - archiveBytes, archiveBytes };
}

function row(id: string, meta: Meta, sizes: Sizes, agentRunning: boolean): SessionRow {
  const archivedAt = positiveAt(meta, KEY.archivedAt) ?? null;
  return {
    id,
    title: titleOf(id, meta),
    kind: kindOf(meta),
    ...sizes,
    lineCount: numberAt(meta, KEY.lineCount) ?? 0,
    lastActivityMs: positiveAt(meta, KEY.lastActivity) ?? null,
    archivedAt,
    pinned: isPinned(meta),
    prunedAt: positiveAt(meta, KEY.prunedAt) ?? null,
    pruneReason: textAt(meta, KEY.pruneReason) ?? null,
    canUndo: sizes.state === "pruned" && archivedAt !== null,
    agentRunning,
  };
}

/** As core reads the key, which a host may set to anything. */
function isPinned(meta: Meta): boolean {
  const pinned = meta[KEY.pinned];
  return pinned !== undefined && pinned !== null && pinned !== false && pinned !== 0;
}
