/** One connection: its prepared statements, and transactions that either commit or roll back. */
import { type Driver, numberOf, type Statement } from "./driver.js";

/** https://www.sqlite.org/pragma.html#pragma_synchronous */
export const SYNCHRONOUS = { normal: 1, full: 2 } as const;
export type Synchronous = keyof typeof SYNCHRONOUS;

export class Connection {
  readonly #driver: Driver;
  readonly #synchronous: number;
  readonly #statements = new Map<string, Statement>();
  #written = false;

  constructor(driver: Driver, synchronous: Synchronous) {
    this.#driver = driver;
    this.#synchronous = SYNCHRONOUS[synchronous];
  }

  /** A prepared statement, kept for later calls. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      const prepared = this.#driver.prepare(text);
      statement = text.startsWith("SELECT") ? prepared : this.#noting(prepared);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Runs statements to their end. For those that can't be prepared, or that need several steps. */
  exec(sql: string): void {
    this.#written = true;
    this.#driver.exec(sql);
  }

  /** Whether a statement has changed anything since the last call of this method. */
  hasWritten(): boolean {
    const written = this.#written;
    this.#written = false;
    return written;
  }

  read<T>(work: () => T): T {
    return this.#transaction("BEGIN", work);
  }

  /**
   * As durable as the option asks for: a host's own transactions may be less durable, which is better-sqlite3's
   * default. A `late` one is flushed with whatever is flushed next. Only a write-ahead log allows that: in other modes SQLite
   * may damage a database that is not flushed each time.
   */
  write<T>(work: () => T, late = false): T {
    const before = numberOf(this.sql("PRAGMA synchronous").get(), "synchronous");
    const wanted = late && this.#hasLog() ? SYNCHRONOUS.normal : Math.max(before, this.#synchronous);
    if (before === wanted) return this.#transaction("BEGIN IMMEDIATE", work);
    this.exec(`PRAGMA synchronous = ${wanted}`);
    try {
      return this.#transaction("BEGIN IMMEDIATE", work);
    } finally {
      this.exec(`PRAGMA synchronous = ${before}`);
    }
  }

  #hasLog(): boolean {
    return this.sql("PRAGMA journal_mode").get()?.["journal_mode"] === "wal";
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
      // SQLite itself rolls back on some errors (disk full, I/O). The first error is the one to report.
    }
  }

  /** Notes whether the statement has changed anything. */
  #noting({ run, get, all, iterate }: Statement): Statement {
    return {
      run: (...parameters) => {
        const rows = run(...parameters);
        this.#written ||= rows > 0;
        return rows;
      },
      get: (...parameters) => {
        const row = get(...parameters);
        this.#written ||= row !== undefined;
        return row;
      },
      all,
      iterate,
    };
  }
}
