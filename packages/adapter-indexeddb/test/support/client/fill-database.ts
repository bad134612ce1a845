/** Takes all the space that the origin has left, with a database that is not a store. */
import { type IDBPDatabase, openDB } from "idb";

/** Smaller than anything the tests store. */
const ROW_BYTES = 256 * 1024;
const MOST_ROWS = 1000;

/** Adds rows until the browser refuses one; then smaller ones, each of half the size, down to `smallest`. */
export async function fillDatabase(name: string, smallest: number = ROW_BYTES): Promise<void> {
  const upgrade = (opened: IDBPDatabase): void => {
    opened.createObjectStore("rows", { autoIncrement: true });
  };
  const database = await unlessFull(openDB(name, 1, { upgrade }));
  if (!database) return;
  let rows = 0;
  try {
    for (let bytes = ROW_BYTES; bytes >= smallest; bytes /= 2) {
      while ((await unlessFull(database.add("rows", noise(bytes)))) !== undefined) {
        if (++rows > MOST_ROWS) throw new Error("The quota is not enforced.");
      }
    }
  } finally {
    database.close();
  }
}

async function unlessFull<T>(adding: Promise<T>): Promise<T | undefined> {
  try {
    return await adding;
  } catch (error) {
    // After a refusal, Firefox refuses all but deletes in the next transaction.
    if (["QuotaExceededError", "InvalidStateError"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

function noise(bytes: number): Uint8Array {
  const row = new Uint8Array(bytes);
  for (let at = 0; at < row.length; at += 65_536) crypto.getRandomValues(row.subarray(at, at + 65_536));
  return row;
}
