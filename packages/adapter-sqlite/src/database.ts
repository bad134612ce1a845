/** Short transactions on one connection: paced, retried while the database is locked, with our error codes. */
import { setTimeout as sleep } from "node:timers/promises";
import { ArchiverError, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { type Driver, numberOf, type Statement } from "./driver.js";
import { busyError, isBusy, translate } from "./failure.js";
import { Pacer } from "./pacer.js";
import { type Connection, WriteQueue } from "./write-queue.js";

/** https://www.sqlite.org/pragma.html#pragma_synchronous */
export const SYNCHRONOUS = { normal: 1, full: 2 } as const;
export type Synchronous = keyof typeof SYNCHRONOUS;

const LONGEST_WAIT_MS = 25;

export interface DatabaseOptions {
  /** Named by the errors. */
  readonly file?: string | undefined;
  /** Called after each read transaction, also a failed one; throws if what was read doesn't count. */
  readonly afterRead?: (() => void) | undefined;
}

/**
 * Every access goes through {@link attempt}, {@link read} or {@link write}, whose `work` is synchronous, short (at most
 * about 25 ms), and may be run again from the start after a rollback: it must keep its results in its return value.
 */
export class Database {
  readonly #driver: Driver;
  readonly #busyTimeoutMs: number;
  readonly #synchronous: number;
  readonly #statements = new Map<string, Statement>();
  readonly #pacer = new Pacer();
  readonly #writes: WriteQueue;
  readonly #options: DatabaseOptions;
  #written = false;
  #closed = false;

  constructor(driver: Driver, synchronous: Synchronous, busyTimeoutMs: number, options: DatabaseOptions = {}) {
    this.#driver = driver;
    this.#options = options;
    this.#synchronous = SYNCHRONOUS[synchronous];
    this.#busyTimeoutMs = busyTimeoutMs;
    const connection: Connection = {
      transact: (work) => this.#durably(() => this.#transaction("BEGIN IMMEDIATE", work)),
      mayRun: (call) => this.#mayRun(call),
      hasWritten: () => {
        const written = this.#written;
        this.#written = false;
        return written;
      },
    };
    this.#writes = new WriteQueue(connection, this.#pacer, busyTimeoutMs);
  }

  /** A prepared statement, kept for the next time. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      const prepared = this.#driver.prepare(text);
      statement = text.startsWith("SELECT") ? prepared : this.#noting(prepared);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Notes whether the statement has changed anything. */
  #noting({ run, get, iterate }: Statement): Statement {
    const note = <T>(result: T, changed: boolean): T => {
      this.#written ||= changed;
      return result;
    };
    return {
      run: (...parameters) => {
        const rows = run(...parameters);
        return note(rows, rows > 0);
      },
      get: (...parameters) => {
        const row = get(...parameters);
        return note(row, row !== undefined);
      },
      iterate,
    };
  }

  /** Runs statements to their end, for what cannot be prepared or steps more than once. */
  exec(sql: string): void {
    this.#written = true;
    this.#driver.exec(sql);
  }

  /** One consistent view. */
  read<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.attempt(() => {
      try {
        return this.#transaction("BEGIN", work);
      } finally {
        this.#options.afterRead?.();
      }
    }, call);
  }

  /** All or nothing, and durable when it resolves. Those that arrive together share a transaction. */
  write<T>(work: () => T, call: Call = {}): Promise<T> {
    return this.#writes.add(work, { file: this.#options.file, ...call });
  }

  /**
   * Tries until the database is free or the busy timeout is over. Waits without blocking the event loop, unlike
   * SQLite's own busy handler; a second store in this process that holds the lock could else never release it.
   */
  async attempt<T>(work: () => T, call: Call = {}): Promise<T> {
    const deadline = performance.now() + this.#busyTimeoutMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        return await this.#pacer.run(() => {
          this.#mayRun(call);
          return work();
        });
      } catch (error) {
        const failing = { file: this.#options.file, ...call };
        if (!isBusy(error)) throw translate(error, failing);
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) throw busyError(error, this.#busyTimeoutMs, failing);
        await sleep(Math.min(waitMs, leftMs));
      }
    }
  }

  /** Calls from now on, and those that wait, reject. `last` gets one try. `false` if it was closed before. */
  close(last?: () => void): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    try {
      if (last) this.#transaction("BEGIN IMMEDIATE", last);
    } catch {
      // Busy, full or broken: nothing that closing could mend.
    }
    return true;
  }

  #mayRun(call: Call): void {
    if (this.#closed) throw new ArchiverError("UNAVAILABLE", "The store is closed. Open it again.", call);
    throwIfAborted(call.signal, call);
  }

  /** A host may have its own transactions less durable than ours must be (in better-sqlite3 that is the default). */
  #durably<T>(work: () => T): T {
    const before = numberOf(this.sql("PRAGMA synchronous").get(), "synchronous");
    if (before >= this.#synchronous) return work();
    this.exec(`PRAGMA synchronous = ${this.#synchronous}`);
    try {
      return work();
    } finally {
      this.exec(`PRAGMA synchronous = ${before}`);
    }
  }

  #transaction<T>(begin: "BEGIN" | "BEGIN IMMEDIATE", work: () => T): T {
    // Outside the try: if it fails, a transaction that is open belongs to the host and must not be rolled back.
    this.sql(begin).run();
    try {
      const result = work();
      this.sql("COMMIT").run();
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  #rollback(): void {
    try {
      this.sql("ROLLBACK").run();
    } catch {
      // SQLite rolls back by itself on some errors (disk full, I/O); the first error is the one to report.
    }
  }
}
