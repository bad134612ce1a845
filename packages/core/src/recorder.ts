/**
 * The host's write path: appends output and keeps the session's stats. Works on live, archived, resumed and pruned
 * sessions alike; one recorder a session at a time.
 */
import { concat } from "./bytes.js";
import { type Context, warn } from "./context.js";
import { ArchiverError, hasCode } from "./errors.js";
import { KEY } from "./metadata.js";
import { appendOutput, type Position } from "./ops/append.js";
import { finishRemove } from "./ops/finish-remove.js";
import { recordStats } from "./ops/record-stats.js";
import { shown } from "./options.js";
import type { Meta, StoredObject } from "./ports.js";
import { isRemoving } from "./session.js";
import type { Stats } from "./stats.js";

export interface RecorderOptions {
  /** Creates the session with this metadata if there is none; otherwise an unknown session is `NOT_FOUND`. */
  readonly create?: Meta | undefined;
  /** Least time between two writes of the stats, in ms. */
  readonly statsEveryMs?: number | undefined;
  /**
   * Bytes that the session's output has to hold when the first append is made. If it holds more or less, or somebody else
   * appends later, appends reject with `CONFLICT`: for writers that are not alone, and know what comes next.
   */
  readonly at?: number | undefined;
}

/** Appends output to one session: see `Archiver.recorder`. */
export interface Recorder {
  /**
   * Appends bytes, or text as UTF-8. Resolves once they are durable in the blob store, in the order of the calls; calls
   * made while one is being written share one write. If it rejects, these bytes are not in the session.
   */
  append(output: Uint8Array | string): Promise<void>;
  /**
   * Appends the value as one line of JSON, as `JSON.stringify` writes it. `INVALID_ARGUMENT`, and nothing is written, if JSON
   * can't hold it: `undefined`, a function, a BigInt, a cycle. Begins where the output ends: what was appended before must
   * have its line end.
   */
  appendJson(value: unknown): Promise<void>;
  /** Waits for all appends and writes the stats. */
  flush(): Promise<void>;
  /** Flushes; further appends are refused. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Bytes written in one go at most, unless one append alone is more. */
const LARGEST_BATCH = 1024 * 1024;

interface Pending {
  readonly bytes: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

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
    stats?.add(bytes);
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
      // Loaded anew, it may lack what was written meanwhile.
      if (written !== known) stats = writes === before ? written : undefined;
    } catch (error) {
      if (!hasCode(error, "PRUNED")) throw error; // archived, with its count, and pruned already
    }
    dirty = writes !== before;
  };
  /** Ms until the stats may be written again: at once after the clock was set back. */
  const statsDueIn = (): number => {
    const since = ctx.now() - lastWrite;
    return since < 0 ? 0 : statsEveryMs - since;
  };
  /** Writes all that waits, then the stats if their time has come; otherwise a timer comes back for them. */
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
        // Timers may come early: then there is nothing to do, and a drain that ends at once must not be noted after its end.
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
    const bytes = typeof output === "string" ? new TextEncoder().encode(output) : new Uint8Array(output); // a Buffer's slice is no copy
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

/** Of any realm: a host's arrays may come from another window or context. */
export function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

function takeBatch(queue: Pending[]): readonly Pending[] {
  let bytes = 0;
  let count = 0;
  for (const pending of queue) {
    if (count > 0 && bytes + pending.bytes.length > LARGEST_BATCH) break;
    bytes += pending.bytes.length;
    count++;
  }
  return queue.splice(0, count);
}

/** The object, as far as it is known then. */
async function ensureObject(ctx: Context, id: string, create: Meta | undefined): Promise<StoredObject | undefined> {
  if (create === undefined) return undefined;
  const object = await ctx.objects.get(id);
  if (object && !isRemoving(object.meta)) return object;
  if (object) await finishRemove(ctx, id, {});
  const meta: Meta = { [KEY.view]: "agent", ...create };
  try {
    return { id, version: await ctx.objects.put(id, meta, null), meta };
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error; // made by somebody else meanwhile
    return undefined;
  }
}
