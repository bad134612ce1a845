/** A store on a database of its own, for one test. */
import type { Feature, Subject } from "@session-archiver/conformance";
import { deleteIndexedDb, type IndexedDbStore, openIndexedDb } from "../../../src/index.js";

export const OFFERS: readonly Feature[] = ["objects", "blobs", "archives", "reopen", "peer"];

export function freshName(): string {
  return `test ${crypto.randomUUID()}`;
}

export async function subject(): Promise<Subject> {
  const name = freshName();
  const opened: IndexedDbStore[] = [];
  const open = async (): Promise<IndexedDbStore> => {
    const store = await openIndexedDb(name);
    opened.push(store);
    return store;
  };
  const { objects, blobs, archives } = await open();
  return {
    objects,
    blobs,
    archives,
    peer: open,
    reopen: open,
    async close() {
      for (const store of opened) await store.close();
      await deleteIndexedDb(name);
    },
  };
}
