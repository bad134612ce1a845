/** Reads everything and reports what is wrong. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { parseKey } from "../format/keys.js";
import { readArchive } from "../format/reader.js";
import type { OpOptions } from "../ports.js";
import { indexIn, readManifest } from "../read/archive-index.js";
import { liveBytes } from "../read/content.js";
import { corruptSession } from "../session/damage.js";
import { keptSnapshot } from "../session/kept-versions.js";
import { MAX_TRIES, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileSize } from "../session/snapshot-facts.js";
import { isRemoving } from "../session/state.js";
import { lifeOf } from "../session/versions.js";
import { failureOf, type SessionFailure } from "./report.js";

export interface VerifyReport {
  /** Sessions that were verified. */
  checked: number;
  readonly bad: SessionFailure[];
}

/**
 * Verifies one session: its metadata, its manifest, every archived byte (frame, CRCs, length, line count), the same for
 * the kept versions, and that all live bytes can be read. Rejects with what is wrong: `CORRUPT`, or `NOT_FOUND` for an
 * unknown id.
 */
export async function verify(ctx: Context, id: string, op: OpOptions = {}): Promise<void> {
  for (let tries = 0; ; tries++) {
    const snapshot = await takeSnapshot(ctx, id, op);
    try {
      await verifySnapshot(ctx, snapshot, op);
      for (let version = 1; version <= lifeOf(snapshot.object.meta); version++) {
        await verifySnapshot(ctx, keptSnapshot(snapshot, version), op);
      }
      return;
    } catch (error) {
      // If the session was archived or restored meanwhile, its new state is verified instead.
      const now = await takeSnapshot(ctx, id, op);
      const same = now.object.version === snapshot.object.version;
      if (same || tries >= MAX_TRIES || hasCode(error, "ABORTED")) {
        throw hasCode(error, "NOT_FOUND", "CORRUPT") ? corruptSession(id, error) : error;
      }
    }
  }
}

export async function verifyAll(
  ctx: Context,
  ids: AsyncIterable<string> | Iterable<string> | undefined,
  op: OpOptions = {},
): Promise<VerifyReport> {
  const report: VerifyReport = { checked: 0, bad: [] };
  for await (const id of ids ?? allIds(ctx, op)) {
    report.checked++;
    try {
      await verify(ctx, id, op);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      report.bad.push(failureOf(id, error));
    }
  }
  if (ids === undefined && report.checked === 0 && (await lacksCatalogue(ctx, op))) {
    report.bad.push(failureOf("", new ArchiverError("CORRUPT", NO_CATALOGUE)));
  }
  return report;
}

const NO_CATALOGUE =
  "The catalogue knows no session, but there are archives in the sink: it was lost, or belongs to another sink. Nothing was checked. 'rebuild' makes the catalogue of these archives anew.";

/** Whether the catalogue is empty although there are archives that some catalogue must have named. */
export async function lacksCatalogue(ctx: Context, op: OpOptions = {}): Promise<boolean> {
  for await (const _ of ctx.objects.list(undefined, op)) return false;
  for await (const { key } of ctx.archives.list(undefined, op)) if (parseKey(key)) return true;
  return false;
}

async function* allIds(ctx: Context, op: OpOptions): AsyncGenerator<string> {
  for await (const { id, meta } of ctx.objects.list(undefined, op)) if (!isRemoving(meta)) yield id;
}

async function verifySnapshot(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<void> {
  const { id, meta } = snapshot.object;
  const archived = snapshot.files.filter((state) => "file" in state && state.file !== undefined);
  const manifest = archived.length > 0 ? await readManifest(ctx, id, meta, op) : undefined;
  const totalBytes = snapshot.files.reduce((sum, state) => sum + fileSize(state), 0);
  let bytes = 0;
  const count = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    ctx.emit({ type: "progress", operation: "verify", id, bytes, totalBytes });
  };
  for (const state of snapshot.files) {
    if (manifest && "file" in state && state.file) {
      const index = indexIn(manifest, id, state.file);
      for await (const chunk of readArchive(ctx.archives, ctx.codec, index, { start: 0, end: index.rawBytes }, op))
        count(chunk);
    }
    for await (const chunk of liveBytes(ctx, state, op)) count(chunk);
  }
}
