/** Statements, each a transaction of its own: no connection is kept between two, and nothing is set on one. */
import { ArchiverError, MAX_TRIES, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { isUndone, translate } from "./failure.js";
import type { Parameters } from "./parameters.js";
import type { Queryable, Row, SqlValue } from "./queryable.js";

export class Database {
  readonly #host: Queryable;
  #closed = false;

  constructor(host: Queryable) {
    this.#host = host;
  }

  /**
   * Runs one statement. A signal stops it only before it is sent: afterwards, nothing but the answer tells whether it took
   * effect. If the server undid it for the sake of another one, which it does above the default isolation level, it is run again.
   */
  async query(text: string, parameters?: Pick<Parameters, "values">, call: Call = {}): Promise<readonly Row[]> {
    for (let tries = 1; ; tries++) {
      this.mayRun(call);
      try {
        const { rows } = await this.#host.query(text, [...(parameters?.values ?? ([] as SqlValue[]))]);
        return rows as readonly Row[];
      } catch (error) {
        if (!isUndone(error) || tries === MAX_TRIES) throw translate(error, call);
      }
    }
  }

  /** Throws if the store is closed, or the call was aborted. */
  mayRun(call: Call): void {
    if (this.#closed) throw new ArchiverError("UNAVAILABLE", "The store is closed. Open it again.", call);
    throwIfAborted(call.signal, call);
  }

  /** Later statements reject. `false` if it was closed already. */
  close(): boolean {
    const wasOpen = !this.#closed;
    this.#closed = true;
    return wasOpen;
  }
}
