/** A store on a database of its own, for one test. */
import { FEATURES, type Feature, type Subject } from "@session-archiver/conformance";
import { openDB } from "idb";
import { deleteIndexedDb, type IndexedDbStore, openIndexedDb } from "../../../src/index.js";

export const OFFERS: readonly Feature[] = FEATURES.filter((feature) => feature !== "listNewest" && feature !== "claim");

export function freshName(): string {
  return `test ${crypto.randomUUID()}`;
}

/** Cuts the row's JSON off. */
async function damage(name: string, id: string): Promise<void> {
  const db = await openDB(name);
  const row = await db.get("objects", id);
  await db.put("objects", { ...row, json: row.json.slice(1) });
  db.close();
}

/** Gives space back, in the midst of a random history. */
export async function reclaim(subject: Subject): Promise<void> {
  await (subject as Subject & { reclaim(): Promise<unknown> }).reclaim();
}

export async function subject(): Promise<Subject> {
  const name = freshName();
  const opened: IndexedDbStore[] = [];
  const open = async (): Promise<IndexedDbStore> => {
    const store = await openIndexedDb(name, { onSkipped: () => {} }); // the suite damages rows itself
    opened.push(store);
    return store;
  };
  const store = await open();
  const { objects, blobs, archives } = store;
  const whole = {
    objects,
    blobs,
    archives,
    peer: open,
    reopen: open,
    damage: (id: string) => damage(name, id),
    async close() {
      for (const store of opened) await store.close();
      await deleteIndexedDb(name);
    },
    reclaim: () => store.reclaim(),
  };
  return whole;
}
