/** Short transactions, with our error codes and signals. */
import { codeOf, throwIfAborted } from "@session-archiver/core/adapter";
import { unwrap } from "idb";
import type { Connection } from "./connection.js";
import { type Attempt, translate } from "./failure.js";
import type { Durability } from "./options.js";
import type { StoreName, Tx } from "./schema.js";
import { sharing } from "./write-queue.js";

/** What an operation is about, for its errors, and the signal that stops it. */
export interface Call extends Attempt {
  readonly signal?: AbortSignal | undefined;
}

/**
 * `work` may await nothing but requests of its transaction: the browser commits as soon as none is under way. It may
 * throw, which undoes everything, and may be run a second time if the connection was lost before it began.
 */
export interface Database {
  /** One consistent view. */
  read<T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call?: Call): Promise<T>;
  /** All or nothing, and durable when it resolves. */
  write<T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call?: Call): Promise<T>;
}

export function databaseOn(connection: Connection, durability: Durability): Database {
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
    // The browser may have cut the connection without having said so yet.
    return start().catch(start);
  };
  const run = async <T>(
    mode: IDBTransactionMode,
    stores: readonly StoreName[],
    work: (tx: Tx) => Promise<T>,
    call: Call,
  ): Promise<T> => {
    throwIfAborted(call.signal, call);
    try {
      const tx = await begin(stores, mode);
      return await finish(tx, work, call);
    } catch (error) {
      throw await translate(error, call);
    }
  };
  const write = sharing((stores, work, call) => run("readwrite", stores, work, call));
  return {
    read: (stores, work, call = {}) => run("readonly", stores, work, call),
    write: (stores, work, call = {}) => write(stores, work, { bytes: 0, ...call }),
  };
}

async function finish<T>(tx: Tx, work: (tx: Tx) => Promise<T>, call: Call): Promise<T> {
  const end = endOf(tx);
  let wasStopped = false;
  const stop = (): void => {
    // Too late once the commit is under way.
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
    // The transaction knows better than a request that was cut off with it.
    if (codeOf(error) !== undefined || failure === undefined || failure.name === "AbortError") throw error;
    throw failure;
  } finally {
    call.signal?.removeEventListener("abort", stop);
  }
}

/** Why the transaction was undone; `undefined` once it is committed. Unlike `tx.done` it waits for the very end. */
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
