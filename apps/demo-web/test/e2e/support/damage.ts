/** Damages stored bytes, as a failing disk would. */
import type { Page } from "playwright";

/** Flips a byte in the open session's archive. */
export function flipByteOfArchive(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const [found] = (await indexedDB.databases()).filter(({ name }) => name);
    const db = await asked(indexedDB.open(found?.name ?? "none"));
    const tx = db.transaction(["archives", "chunks"], "readwrite");
    const archives: { key: string; stream: number; size: number }[] = await asked(tx.objectStore("archives").getAll());
    const id = decodeURIComponent(location.hash.replace("#/session/", ""));
    const archive = archives.find(({ key }) => key.includes(`/${id}.`) && key.endsWith(".gz"));
    if (!archive) throw new Error(`There is no archive of "${id}".`);
    const chunks = tx.objectStore("chunks");
    const range = IDBKeyRange.bound([archive.stream, 0], [archive.stream, archive.size]);
    const cursor = await asked(chunks.openCursor(range));
    if (!cursor) throw new Error("The archive has no bytes.");
    const bytes: Uint8Array = cursor.value;
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    await asked(cursor.update(bytes));
    db.close();
  });
}
