/** IndexedDB alone, without the adapter: the cost of row sizes and shapes of transactions. */
import type { Durability } from "@session-archiver/adapter-indexeddb";
import { bytes, timed } from "./data.js";

export interface WriteCase {
  readonly rowBytes: number;
  readonly rowsPerTransaction: number;
  /** The number of transactions at one time. */
  readonly inFlight: number;
  readonly durability: Durability;
}

export interface ReadCase {
  readonly how: "get" | "getAll" | "cursor";
  /** For `get` the number of transactions at one time, for `getAll` the number of rows in a call. */
  readonly count: number;
}

const NAME = "layout";
let db: IDBDatabase | undefined;

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function fresh(): Promise<IDBDatabase> {
  db?.close();
  await resultOf(indexedDB.deleteDatabase(NAME));
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
  db = await resultOf(opening);
  return db;
}

function current(): IDBDatabase {
  if (!db) throw new Error("Call writeRows first.");
  return db;
}

function store(): IDBObjectStore {
  return current().transaction("rows").objectStore("rows");
}

/** Runs the work for 0 to `total - 1` in order, `inFlight` at one time. */
async function pipelined(total: number, inFlight: number, run: (n: number) => Promise<unknown>): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (let n = 0; n < total; n++) {
    running.push(run(n));
    if (running.length >= inFlight) await running.shift();
  }
  await Promise.all(running);
}

async function scan(): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const request = store().openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(size);
      size += (cursor.value as Uint8Array).length;
      cursor.continue();
    };
  });
}

export const layoutCommands = {
  async writeRows({ rowBytes, rowsPerTransaction, inFlight, durability }: WriteCase): Promise<number> {
    const into = await fresh();
    const whole = bytes();
    const rows = Math.floor(whole.length / rowBytes);
    return timed(() =>
      pipelined(Math.ceil(rows / rowsPerTransaction), inFlight, async (n) => {
        const tx = into.transaction("rows", "readwrite", { durability });
        const end = Math.min(rows, (n + 1) * rowsPerTransaction);
        for (let row = n * rowsPerTransaction; row < end; row++) {
          tx.objectStore("rows").put(whole.slice(row * rowBytes, (row + 1) * rowBytes), row);
        }
        await new Promise((resolve, reject) => {
          tx.oncomplete = resolve;
          tx.onabort = () => reject(tx.error);
        });
      }),
    );
  },
  /** Reads all rows that {@link writeRows} wrote. */
  async readRows({ how, count }: ReadCase): Promise<number> {
    const rows = await resultOf(store().count());
    return timed(async () => {
      if (how === "cursor") return scan();
      if (how === "get") return pipelined(rows, count, (n) => resultOf(store().get(n)));
      for (let from = 0; from < rows; from += count) {
        await resultOf(store().getAll(IDBKeyRange.lowerBound(from), count));
      }
    });
  },
  /** Reads one row. Returns the mean time of several reads, in ms. */
  async readOne(): Promise<number> {
    const rows = await resultOf(store().count());
    const times = 16;
    const ms = await timed(async () => {
      for (let n = 0; n < times; n++) await resultOf(store().get((n * 7) % rows));
    });
    return ms / times;
  },
  async deleteRows(): Promise<number> {
    return timed(async () => {
      const tx = current().transaction("rows", "readwrite", { durability: "strict" });
      tx.objectStore("rows").clear();
      await new Promise((resolve) => {
        tx.oncomplete = resolve;
      });
    });
  },
};
