/** What a recorder takes, and what it offers. */
import type { Meta } from "../ports.js";

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
