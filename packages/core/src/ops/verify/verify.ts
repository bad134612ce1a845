/** Reads one session to the last byte and reports what is wrong with it. */
import { type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { readArchive } from "../../format/reader.js";
import type { OpOptions } from "../../ports.js";
import { indexIn, readManifest } from "../../read/archive-index.js";
import { liveBytes } from "../../read/content.js";
import { tryPut } from "../../session/commit.js";
import { corruptSession } from "../../session/damage.js";
import { keptSnapshot } from "../../session/kept-versions.js";
import { countIn } from "../../session/line-count.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { fileNamed, fileSize } from "../../session/snapshot-facts.js";
import { isPruned } from "../../session/state.js";
import { lifeOf } from "../../session/versions.js";

export interface VerifyOptions extends OpOptions {
  /** Notes in the metadata of a session that is whole when that was found. Without it, nothing is changed. */
  readonly note?: boolean | undefined;
}

/** A session as it was looked at; once it is verified, it was whole. */
export interface Verified {
  readonly snapshot: Snapshot;
  /** When its first byte was read, in unix ms: each of its bytes was right then or later. */
  readonly at: number;
}

/**
 * Verifies one session: its metadata, its manifest, every archived byte (frame, CRCs, length, line count), the same for
 * the kept versions, and that all live bytes can be read, and are no fewer than were counted. Rejects with what is wrong: `CORRUPT`, or `NOT_FOUND` for an
 * unknown id.
 */
export async function verify(ctx: Context, id: string, options: VerifyOptions = {}): Promise<Verified> {
  return verifySeen(ctx, await lookAt(ctx, id, options), options);
}

/** Looks at a session that is about to be verified. */
export async function lookAt(ctx: Context, id: string, { signal }: OpOptions): Promise<Verified> {
  const at = ctx.now();
  return { snapshot: await takeSnapshot(ctx, id, { signal }), at };
}

/** Verifies a session that was looked at a moment ago. */
export async function verifySeen(ctx: Context, seen: Verified, options: VerifyOptions): Promise<Verified> {
  const op = { signal: options.signal };
  const { id } = seen.snapshot.object;
  for (let tries = 0; ; tries++) {
    const { snapshot, at } = tries === 0 ? seen : await lookAt(ctx, id, op);
    try {
      checkCounted(snapshot);
      await verifySnapshot(ctx, snapshot, op);
      for (let version = 1; version <= lifeOf(snapshot.object.meta); version++) {
        await verifySnapshot(ctx, keptSnapshot(snapshot, version), op);
      }
    } catch (error) {
      // If the session was archived or restored meanwhile, its new state is verified instead.
      const now = await takeSnapshot(ctx, id, op);
      const same = now.object.version === snapshot.object.version;
      if (same || tries >= MAX_TRIES || hasCode(error, "ABORTED")) {
        throw hasCode(error, "NOT_FOUND", "CORRUPT") ? corruptSession(id, error) : error;
      }
      continue;
    }
    if (options.note) await noteWhole(ctx, { snapshot, at });
    return { snapshot, at };
  }
}

/**
 * Notes that the session was whole, unless it has changed since. An abort comes too late for this: what was read shall
 * not have to be read again. A failure is a warning: the session is whole all the same.
 */
async function noteWhole(ctx: Context, { snapshot: { object, files }, at }: Verified): Promise<void> {
  // Of a session without a byte there is nothing to remember.
  if (files.length === 0 && lifeOf(object.meta) === 0) return;
  try {
    await tryPut(ctx, object, withKeys(object.meta, { [KEY.verifiedAt]: at }));
  } catch (error) {
    warn(ctx, object.id, error);
  }
}

/** Live bytes have no CRC, but once they are counted there are never fewer. */
function checkCounted(snapshot: Snapshot): void {
  const { id, meta } = snapshot.object;
  const counted = isPruned(meta) ? 0 : (countIn(meta)?.bytes ?? 0);
  const size = fileSize(fileNamed(snapshot));
  if (size >= counted) return;
  const message = `The output of session "${id}" has ${size} bytes, but ${counted} were counted: the others are lost. Import its source again, if it has one.`;
  throw new ArchiverError("CORRUPT", message, { id });
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
