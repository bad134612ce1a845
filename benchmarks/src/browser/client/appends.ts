/** Lines through recorders, and as bare puts of IndexedDB. */
import type { Durability } from "@session-archiver/adapter-indexeddb";
import { timed } from "./data.js";
import { storeNamed } from "./stores.js";

const LINE = `${JSON.stringify({ type: "assistant", text: "x".repeat(470) }).padEnd(499)}\n`;
let sessions = 0;

export interface Appends {
  readonly recorders: number;
  /** The number of lines that a recorder gets at once, before it awaits them all. */
  readonly atOnce: number;
  readonly lines: number;
}

async function openBare(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("lines", { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const appendCommands = {
  append: async (store: string, { recorders, atOnce, lines }: Appends): Promise<number> => {
    const { archiver } = storeNamed(store);
    const open = Array.from({ length: recorders }, () => archiver.recorder(`appends-${sessions++}`, { create: {} }));
    const run = async (recorder: (typeof open)[number]): Promise<void> => {
      for (let n = 0; n < lines / recorders; n += atOnce) {
        await Promise.all(Array.from({ length: atOnce }, () => recorder.append(LINE)));
      }
    };
    const ms = await timed(() => Promise.all(open.map(run)));
    await Promise.all(open.map((recorder) => recorder.close()));
    return ms;
  },
  /** One transaction with one `add` for each line: the cost of IndexedDB itself. */
  appendBare: async (durability: Durability, lines: number): Promise<number> => {
    const db = await openBare("bare");
    const bytes = new TextEncoder().encode(LINE);
    const ms = await timed(async () => {
      for (let n = 0; n < lines; n++) {
        const tx = db.transaction("lines", "readwrite", { durability });
        tx.objectStore("lines").add(bytes);
        await new Promise((resolve, reject) => {
          tx.oncomplete = resolve;
          tx.onabort = () => reject(tx.error);
        });
      }
    });
    db.close();
    return ms;
  },
};
