/** Group commit: writes that arrive together share one transaction, and with it one flush to the disk. */
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Connection } from "./connection.js";
import { busyError, isBusy, translate } from "./failure.js";
import { type Pacer, SLICE_MS } from "./pacer.js";
import { type Line, type Write, WriteQueue } from "./write-queue.js";

const LONGEST_WAIT_MS = 25;
/** How long writes wait for others to share their transaction. With 10, a sweep makes a third more transactions. */
const COMPANY_MS = 25;

/** A part of a transaction failed in a way that undid the rest of it too. */
class Broken extends Error {}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #mayRun: (call: Call) => void;
  readonly #pacer: Pacer;
  readonly #busyTimeoutMs: number;
  readonly #waiting = new WriteQueue();
  #running = false;

  /** `mayRun` throws if the store is closed or the call was aborted. */
  constructor(connection: Connection, mayRun: (call: Call) => void, pacer: Pacer, busyTimeoutMs: number) {
    this.#connection = connection;
    this.#mayRun = mayRun;
    this.#pacer = pacer;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /**
   * All or nothing, and durable when it resolves, unless it may be `late`; `soon` ones come first. `work` may be run again from
   * the start after a rollback.
   */
  add<T>(work: () => T, call: Call, urgency?: "soon" | "late"): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const since = performance.now();
      const settle = { resolve: (result: unknown) => resolve(result as T), reject };
      const line = urgency === "soon" ? "soon" : "others";
      this.#waiting.add({ call, since, late: urgency === "late", line, work, ...settle });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let waitMs = 1; !this.#waiting.isEmpty; ) {
      // Until then, other writes may join.
      const busy = await this.#pacer.runFirst((wasIdle) => this.#commitSome(wasIdle || waitMs > 1));
      if (busy === undefined) {
        waitMs = 1;
        continue;
      }
      this.#weedOut(busy);
      await sleep(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    this.#running = false;
  }

  /** Runs writes that wait, as many as fit into a slice of time. Gives the error if the database is locked. */
  #commitSome(isIdle: boolean): Error | undefined {
    this.#weedOut();
    const group: Write[] = [];
    const done: (() => void)[] = [];
    try {
      const lines = this.#linesNow(isIdle);
      // A late write that shares a transaction with others is flushed with them.
      const late = this.#waiting.isLate;
      if (lines.length > 0) this.#connection.write(() => this.#fill(lines, group, done), late);
    } catch (error) {
      return this.#sortOut(group, error instanceof Broken ? error.cause : error);
    }
    for (const settle of done) settle();
    return undefined;
  }

  /** Appends don't wait. Others wait for more of them to share a transaction, while anything runs that may lead to some. */
  #linesNow(isIdle: boolean): readonly Line[] {
    const waiting = this.#waiting;
    const isTime = isIdle || waiting.has("alone") || performance.now() - waiting.since("others") >= COMPANY_MS;
    return (["soon", "others", "alone"] as const).filter((line) => waiting.has(line) && (line === "soon" || isTime));
  }

  /** Each line has an equal share of the slice, and one write at least: neither keeps the other from writing. */
  #fill(lines: readonly Line[], group: Write[], done: (() => void)[]): void {
    const run = (write: Write): void => {
      group.push(write);
      done.push(this.#run(write));
    };
    const alone = this.#waiting.takeAlone();
    if (alone) run(alone);
    const shared = alone ? [] : lines.filter((line) => line !== "alone");
    for (const line of shared) {
      const until = performance.now() + SLICE_MS / shared.length;
      do {
        const write = this.#waiting.take(line);
        if (!write) break;
        run(write);
      } while (performance.now() < until);
    }
  }

  /** Runs one write. The returned function reports its result, once the transaction is committed. */
  #run({ work, call, resolve, reject }: Write): () => void {
    this.#connection.hasWritten();
    try {
      const result = work();
      return () => resolve(result);
    } catch (error) {
      // A refusal by this project's code, before anything was written, doesn't affect the others. After SQLite's errors
      // the transaction may be gone.
      if (codeOf(error) === undefined || this.#connection.hasWritten()) throw new Broken("", { cause: error });
      return () => reject(translate(error, call));
    }
  }

  /** Called after a rollback, when no write of the group has been done. Gives the error if another try may help. */
  #sortOut(group: readonly Write[], error: unknown): Error | undefined {
    const busy = isBusy(error);
    if (!busy && group.length <= 1) {
      // No write at all: the transaction could not even begin.
      const refused = group.length === 1 ? group : this.#waiting.takeAll();
      for (const { reject, call } of refused) reject(translate(error, call));
      return undefined;
    }
    // Writes that failed together are tried alone: one that is too large for the disk must not fail the others.
    if (!busy) for (const write of group) write.line = "alone";
    this.#waiting.putBack(group);
    return busy ? error : undefined;
  }

  /** Rejects writes that may not run any more and, while the database is `busy`, those that have waited too long. */
  #weedOut(busy?: Error): void {
    const now = performance.now();
    this.#waiting.keep(({ call, since, reject }) => {
      try {
        this.#mayRun(call);
        if (!busy || now - since < this.#busyTimeoutMs) return true;
        reject(busyError(busy, this.#busyTimeoutMs, call));
      } catch (error) {
        reject(translate(error, call));
      }
      return false;
    });
  }
}
