/** Short transactions on one connection. They share the event loop, wait for locks, and fail with this project's error codes. */
import { setTimeout as sleep } from "node:timers/promises";
import { ArchiverError, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { Connection, type Synchronous } from "./connection.js";
import type { Driver, Statement } from "./driver.js";
import { busyError, isBusy, translate } from "./failure.js";
import { GroupCommit } from "./group-commit.js";
import { Pacer } from "./pacer.js";

const LONGEST_WAIT_MS = 25;

export interface DatabaseOptions {
  /** Named in errors. */
  readonly file?: string | undefined;
  /** Called after each read transaction, also a failed one. Throws if its result may be wrong. */
  readonly afterRead?: (() => void) | undefined;
}

/**
 * Every access goes through {@link attempt}, {@link read} or {@link write}, whose `work` is synchronous, short (at most
 * about 25 ms), and may be run again from the start after a rollback: it must keep its results in its return value.
 */
export class Database {
  readonly #connection: Connection;
  readonly #busyTimeoutMs: number;
  readonly #pacer = new Pacer();
  readonly #writes: GroupCommit;
  readonly #options: DatabaseOptions;
  #closed = false;

  constructor(driver: Driver, synchronous: Synchronous, busyTimeoutMs: number, options: DatabaseOptions = {}) {
    this.#connection = new Connection(driver, synchronous);
    this.#options = options;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#writes = new GroupCommit(this.#connection, (call) => this.mayRun(call), this.#pacer, busyTimeoutMs);
  }

  /** See {@link Connection}. For use in a transaction, or in {@link attempt}. */
  sql(text: string): Statement {
    return this.#connection.sql(text);
  }

  /** Like {@link sql}. */
  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Runs `work` on one consistent view. */
  read<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.attempt(() => {
      try {
        return this.#connection.read(work);
      } finally {
        this.#options.afterRead?.();
      }
    }, call);
  }

  /** All or nothing, and durable when it resolves. Calls that arrive together share a transaction. */
  write<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.#writes.add(work, this.#named(call));
  }

  /** Like {@link write}, but before all others that wait. For appends: their callers have nothing else to wait for. */
  writeSoon<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.#writes.add(work, this.#named(call), "soon");
  }

  /**
   * Like {@link write}, but a power cut may undo it, unless a later {@link write} has resolved. For work that loses nothing if
   * it is undone.
   */
  writeLate<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.#writes.add(work, this.#named(call), "late");
  }

  /**
   * Tries until the database is free or the busy timeout is over. Waits without blocking the event loop, unlike
   * SQLite's own busy handler: with that one, a second store in this process that holds the lock could never release it.
   */
  async attempt<T>(work: () => T, call: Call = {}): Promise<T> {
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        return await this.#pacer.run(() => {
          this.mayRun(call);
          return work();
        });
      } catch (error) {
        if (!isBusy(error)) throw this.translate(error, call);
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) throw busyError(error, this.#busyTimeoutMs, this.#named(call));
        await sleep(Math.min(waitMs, leftMs));
      }
    }
  }

  /** The error with one of this project's codes, and the file's name. */
  translate(error: unknown, call: Call): Error {
    return translate(error, this.#named(call));
  }

  /** Later calls, and calls that wait, reject. `last` gets one try. `false` if it was closed already. */
  close(last?: () => void): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    try {
      if (last) this.#connection.write(last);
    } catch {
      // Busy, full or broken: closing can't help with that.
    }
    return true;
  }

  /** Throws if the store is closed, or the call was aborted. */
  mayRun(call: Call): void {
    if (this.#closed) throw new ArchiverError("UNAVAILABLE", "The store is closed. Open it again.", call);
    throwIfAborted(call.signal, call);
  }

  #named(call: Call): Call {
    return { file: this.#options.file, ...call };
  }
}
