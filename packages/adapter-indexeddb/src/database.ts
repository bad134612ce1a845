/** Short transactions, whose failures have error codes, and which a signal stops. */
import { codeOf, throwIfAborted } from "@session-archiver/core/adapter";
import { unwrap } from "idb";
import type { Call } from "./call.js";
import type { Connection } from "./connection.js";
import { translate } from "./failure.js";
import { groupCommits } from "./group-commit.js";
import type { Durability } from "./options.js";
import type { StoreName, Tx } from "./schema.js";

/**
 * `work` may await nothing but requests of its transaction: the browser commits as soon as no request is under way. If it
 * throws, everything is undone. It may run a second time, in another transaction, if the first one was undone.
 */
export interface Database {
  readonly name: string;
  /** One consistent view. */
  read<T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call?: Call): Promise<T>;
  /** All or nothing, and durable when it resolves. */
  write<T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call?: Call): Promise<T>;
}

export function databaseOn(connection: Connection, name: string, durability: Durability): Database {
  const begin = async (stores: readonly StoreName[], mode: IDBTransactionMode): Promise<Tx> => {
    const start = async (): Promise<Tx> => {
      const db = await connection.get();
      try {
        return db.transaction([...stores], mode as "readwrite", { durability });
      } catch (error) {
        connection.drop(db);
        throw error;
      }
    };
    // A second time, since the browser may have cut the connection without an event so far.
    return start().catch(start);
  };
  const run = async <T>(
    mode: IDBTransactionMode,
    stores: readonly StoreName[],
    work: (tx: Tx) => Promise<T>,
    call: Call,
  ): Promise<T> => {
    const once = async (): Promise<T> => {
      throwIfAborted(call.signal, call);
      return finish(await begin(stores, mode), work, call);
    };
    try {
      return await once().catch((error: unknown) => {
        if (isDeletesOnly(error)) return once();
        throw error;
      });
    } catch (error) {
      throw await translate(error, call);
    }
  };
  const write = groupCommits((stores, work, call) => run("readwrite", stores, work, call));
  return {
    name,
    read: (stores, work, call = {}) => run("readonly", stores, work, call),
    write: (stores, work, call = {}) => write(stores, work, { bytes: 0, ...call }),
  };
}

/** After a write that found no space, Firefox lets the next transaction do nothing but delete, whatever is free by then. */
function isDeletesOnly(error: unknown): boolean {
  return error instanceof DOMException && error.name === "InvalidStateError";
}

async function finish<T>(tx: Tx, work: (tx: Tx) => Promise<T>, call: Call): Promise<T> {
  const end = endOf(tx);
  let wasStopped = false;
  const stop = (): void => {
    // `false` once the commit is under way: that is too late.
    wasStopped = abort(tx);
  };
  call.signal?.addEventListener("abort", stop);
  try {
    if (call.signal?.aborted) stop();
    const result = await work(tx);
    const failure = await end;
    if (failure) throw failure;
    return result;
  } catch (error) {
    abort(tx);
    const failure = await end;
    if (wasStopped && failure) throwIfAborted(call.signal, call);
    // A request that was cut off with its transaction says less than the transaction.
    if (codeOf(error) !== undefined || failure === undefined || failure.name === "AbortError") throw error;
    throw failure;
  } finally {
    call.signal?.removeEventListener("abort", stop);
  }
}

/** Why the transaction was undone; `undefined` if it was committed. Waits for its end, while `tx.done` ends at an error. */
function endOf(tx: Tx): Promise<DOMException | undefined> {
  tx.done.catch(() => {});
  const native = unwrap(tx);
  return new Promise((resolve) => {
    native.addEventListener("complete", () => resolve(undefined));
    native.addEventListener("abort", () => {
      resolve(native.error ?? new DOMException("The transaction was aborted.", "AbortError"));
    });
  });
}

function abort(tx: Tx): boolean {
  try {
    tx.abort();
    return true;
  } catch {
    return false;
  }
}
