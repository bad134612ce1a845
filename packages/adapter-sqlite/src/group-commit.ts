/** Group commit: writes that arrive together share one transaction, and with it one flush to the disk. */
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Connection } from "./connection.js";
import { busyError, isBusy, translate } from "./failure.js";
import { type Pacer, SLICE_MS } from "./pacer.js";

const LONGEST_WAIT_MS = 25;

interface Write {
  readonly call: Call;
  readonly deadline: number;
  /** Need not be durable when it resolves. */
  readonly late: boolean;
  /** Takes no other writes into its transaction, because it failed together with others. */
  alone: boolean;
  work(): unknown;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A part of a transaction failed in a way that undid the rest of it too. */
class Broken extends Error {}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #mayRun: (call: Call) => void;
  readonly #pacer: Pacer;
  readonly #busyTimeoutMs: number;
  #waiting: Write[] = [];
  #running = false;

  /** `mayRun` throws if the store is closed or the call was aborted. */
  constructor(connection: Connection, mayRun: (call: Call) => void, pacer: Pacer, busyTimeoutMs: number) {
    this.#connection = connection;
    this.#mayRun = mayRun;
    this.#pacer = pacer;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /**
   * All or nothing, and durable when it resolves, unless it may be `late`. `work` may be run again from the start after a
   * rollback.
   */
  add<T>(work: () => T, call: Call, late?: "late"): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const deadline = performance.now() + this.#busyTimeoutMs;
      const settle = { resolve: (result: unknown) => resolve(result as T), reject };
      this.#waiting.push({ call, deadline, late: late !== undefined, alone: false, work, ...settle });
      if (!this.#running) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let waitMs = 1; this.#waiting.length > 0; ) {
      // The turn of the event loop in which other writes may join.
      await this.#pacer.nextTurn();
      const busy = await this.#pacer.run(() => this.#commitSome());
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

  /** Runs writes from the front of the queue, as many as fit into a slice of time. Gives the error if the database is locked. */
  #commitSome(): Error | undefined {
    this.#weedOut();
    const group: Write[] = [];
    const done: (() => void)[] = [];
    try {
      // A late write that shares a transaction with others is flushed with them.
      const late = this.#waiting.every((write) => write.late);
      if (this.#waiting.length > 0) this.#connection.write(() => this.#fill(group, done), late);
    } catch (error) {
      return this.#sortOut(group, error instanceof Broken ? error.cause : error);
    }
    for (const settle of done) settle();
    return undefined;
  }

  #fill(group: Write[], done: (() => void)[]): void {
    const until = performance.now() + SLICE_MS;
    for (let write = this.#waiting.shift(); write; write = this.#waiting.shift()) {
      group.push(write);
      done.push(this.#run(write));
      if (write.alone || this.#waiting[0]?.alone || performance.now() >= until) return;
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
      const refused = group.length === 1 ? group : this.#waiting.splice(0);
      for (const { reject, call } of refused) reject(translate(error, call));
      return undefined;
    }
    // Writes that failed together are tried alone: one that is too large for the disk must not fail the others.
    if (!busy) for (const write of group) write.alone = true;
    this.#waiting = [...group, ...this.#waiting];
    return busy ? error : undefined;
  }

  /** Rejects writes that may not run any more and, while the database is `busy`, those that have waited too long. */
  #weedOut(busy?: Error): void {
    const now = performance.now();
    this.#waiting = this.#waiting.filter(({ call, deadline, reject }) => {
      try {
        this.#mayRun(call);
        if (!busy || now < deadline) return true;
        reject(busyError(busy, this.#busyTimeoutMs, call));
      } catch (error) {
        reject(translate(error, call));
      }
      return false;
    });
  }
}
