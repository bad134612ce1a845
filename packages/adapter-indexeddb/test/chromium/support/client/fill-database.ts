/** Takes all the space that the origin has left, with a database that is not a store. */
import { openDB } from "idb";

/** Smaller than anything the tests store. */
const ROW_BYTES = 256 * 1024;
const MOST_ROWS = 1000;

/** Adds rows until the browser refuses one. */
export async function fillDatabase(name: string): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade(opened) {
      opened.createObjectStore("rows", { autoIncrement: true });
    },
  });
  try {
    for (let rows = 0; rows < MOST_ROWS; rows++) await database.add("rows", noise());
    throw new Error("The quota is not enforced.");
  } catch (error) {
    if ((error as Error).name !== "QuotaExceededError") throw error;
  } finally {
    database.close();
  }
}

function noise(): Uint8Array {
  const row = new Uint8Array(ROW_BYTES);
  for (let at = 0; at < row.length; at += 65_536) crypto.getRandomValues(row.subarray(at, at + 65_536));
  return row;
}
