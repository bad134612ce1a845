/** Compares what a session holds with a source. */
import { isSame, sliceOf } from "../../bytes.js";
import { hasCode } from "../../errors.js";
import type { ByteRange, Bytes } from "../../ports.js";
import { contentOf } from "../../read/content.js";
import { openFile, type SessionReader } from "../../read/read.js";
import { sizesOf } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { fileNamed, fileSize } from "../../session/snapshot-facts.js";
import { isPruned } from "../../session/state.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { bytesOfLife } from "./take-in.js";

export interface Compared {
  /** held: the source begins with all that the session holds. older: it ends before. differs: neither. */
  readonly how: "held" | "older" | "differs";
  /** Bytes that the session holds. */
  readonly held: number;
  /** What has been read of the source: as many bytes as are the same. */
  readonly seen: Seen;
}

/** `CORRUPT` where what the session holds can't be read. */
export async function compare(job: Job, snapshot: Snapshot): Promise<Compared> {
  const { feed } = job;
  const seen = seenBy(job, snapshot.object.meta);
  const file = await outputOf(job, snapshot);
  const reader = feed.open(0);
  const result = (how: Compared["how"]): Compared => ({ how, held: file.size, seen });
  try {
    for await (const held of file.read()) {
      const taken = await reader.take(held.length);
      if (!isSame(taken, held.subarray(0, taken.length))) {
        reader.unread(taken);
        return result("differs");
      }
      seen.add(taken);
      feed.known(seen.scan.bytes, (range) => file.read(range));
      if (taken.length < held.length) return result("older");
    }
  } finally {
    await reader.close();
  }
  return result("held");
}

/** The output as it is now; of a session with a tombstone, which can't be opened, as the snapshot shows it. */
async function outputOf(
  job: Job,
  snapshot: Snapshot,
): Promise<Pick<SessionReader, "size"> & { read(range?: ByteRange): Bytes }> {
  const { ctx, id, op } = job;
  const state = fileNamed(snapshot, OUTPUT);
  if (!isPruned(snapshot.object.meta) || !state || sizesOf(state).live > 0) return openFile(ctx, id, op);
  const size = fileSize(state);
  return {
    size,
    async *read({ start, end = size } = { start: 0 }) {
      let at = start;
      try {
        for await (const chunk of sliceOf(contentOf(ctx, snapshot, state, op), { start, end })) {
          at += chunk.length;
          yield chunk;
        }
      } catch (error) {
        if (!hasCode(error, "NOT_FOUND")) throw error;
        // In use again, and moved since: the same bytes are to be had where they are now.
        yield* unlessPruned(bytesOfLife(job, snapshot.object.meta, { start: at, end }), error);
      }
    },
  };
}

/** The bytes; of a session that has its tombstone still, `error`. */
async function* unlessPruned(bytes: Bytes, error: unknown): Bytes {
  try {
    yield* bytes;
  } catch (second) {
    throw hasCode(second, "PRUNED") ? error : second;
  }
}
