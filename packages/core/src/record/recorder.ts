/**
 * The host's write path: appends output and keeps the session's stats. Works on live, archived, resumed and pruned
 * sessions alike; a session may have one recorder at a time.
 */
import { concat, isBytes } from "../bytes.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { shown } from "../options.js";
import { appendOutput, type Position } from "./append.js";
import { type Pending, takeBatch } from "./batch.js";
import { ensureObject } from "./ensure-object.js";
import { recordStats } from "./record-stats.js";
import type { Recorder, RecorderOptions } from "./recorder-types.js";
import type { Stats } from "./stats.js";

export function openRecorder(ctx: Context, id: string, options: RecorderOptions = {}): Recorder {
  const statsEveryMs = options.statsEveryMs ?? 1000;
  const queue: Pending[] = [];
  let position: Position | undefined;
  let expectedBytes = options.at;
  /** The count of the output, loaded when it is first written. */
  let stats: Stats | undefined;
  let firstAt: number | undefined;
  let lastAt: number | undefined;
  let draining: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let dirty = false;
  let lastWrite = Number.NEGATIVE_INFINITY;
  let writes = 0;

  const write = async (bytes: Uint8Array): Promise<void> => {
    const object = position ? undefined : await ensureObject(ctx, id, options.create);
    const written = await appendOutput(ctx, id, bytes, { position, expectedBytes, object });
    position = written.position;
    if (expectedBytes !== undefined) expectedBytes += bytes.length;
    lastAt = ctx.now();
    firstAt ??= lastAt;
    if (written.fresh) stats = undefined;
    stats?.counter.add(bytes);
    writes++;
    dirty = true;
  };
  const writeBatch = async (): Promise<void> => {
    const batch = takeBatch(queue);
    try {
      await write(concat(batch.map((pending) => pending.bytes)));
      for (const pending of batch) pending.resolve();
    } catch (error) {
      position = undefined;
      stats = undefined;
      for (const pending of batch) pending.reject(error);
    }
  };
  const writeStats = async (): Promise<void> => {
    if (!dirty) return;
    lastWrite = ctx.now();
    const known = stats;
    const before = writes;
    try {
      const written = await recordStats(ctx, id, known, { firstAt, lastAt });
      // If it was loaded anew, it may lack output that was written meanwhile.
      if (written !== known) stats = writes === before ? written : undefined;
    } catch (error) {
      if (!hasCode(error, "PRUNED")) throw error; // archived, with its count, and pruned already
    }
    dirty = writes !== before;
  };
  /** Milliseconds until the stats may be written again; none if the clock was set back. */
  const statsDueIn = (): number => {
    const since = ctx.now() - lastWrite;
    return since < 0 ? 0 : statsEveryMs - since;
  };
  /** Writes everything that waits, then the stats if they are due; otherwise a timer does so later. */
  const drain = async (): Promise<void> => {
    do {
      while (queue.length > 0) await writeBatch();
      if (dirty && statsDueIn() <= 0) await writeStats().catch((error: unknown) => warn(ctx, id, error));
    } while (queue.length > 0);
    draining = undefined;
    if (!dirty || timer !== undefined || closed) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        // A timer may fire early, when there is nothing to do. The drain starts asynchronously, so that one that ends
        // at once is not noted after its end.
        draining ??= Promise.resolve().then(drain);
      },
      Math.max(1, statsDueIn()),
    );
    (timer as { unref?: () => void }).unref?.();
  };
  const flush = async (): Promise<void> => {
    while (draining) await draining;
    clearTimeout(timer);
    timer = undefined;
    await writeStats();
  };
  const close = async (): Promise<void> => {
    closed = true;
    await flush();
  };
  const refused = (why: string, cause?: unknown): Promise<never> =>
    Promise.reject(new ArchiverError("INVALID_ARGUMENT", why, { id, cause }));
  const append = (output: Uint8Array | string): Promise<void> => {
    if (closed) return refused(`The recorder of session "${id}" is closed.`);
    if (typeof output !== "string" && !isBytes(output)) {
      return refused(`append takes text or a Uint8Array, not ${shown(output)}; for values there is appendJson.`);
    }
    const bytes = typeof output === "string" ? new TextEncoder().encode(output) : new Uint8Array(output); // a copy, unlike a Buffer's slice
    if (bytes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      queue.push({ bytes, resolve, reject });
      draining ??= drain();
    });
  };
  return {
    append,
    appendJson(value) {
      let line: string | undefined;
      let cause: unknown;
      try {
        line = JSON.stringify(value);
      } catch (error) {
        cause = error;
      }
      if (line !== undefined) return append(`${line}\n`);
      return refused(`JSON can't hold this: ${cause instanceof Error ? cause.message : shown(cause ?? value)}.`, cause);
    },
    flush,
    close,
    [Symbol.asyncDispose]: close,
  };
}
