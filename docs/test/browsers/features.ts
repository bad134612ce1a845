/** What an engine has of the things that the table of `docs/browsers.md` names. */

/** By the names that the rows of the table have. Its text is run in a page, so it uses nothing from outside. */
export async function featuresHere(): Promise<Readonly<Record<string, boolean>>> {
  const compresses = (format: string): boolean => {
    try {
      new CompressionStream(format as CompressionFormat);
      new DecompressionStream(format as CompressionFormat);
      return true;
    } catch {
      return false;
    }
  };
  const parses = (code: string): boolean => {
    try {
      new Function(code);
      return true;
    } catch {
      return false;
    }
  };
  const ends = (request: IDBOpenDBRequest): Promise<void> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve();
      request.onerror = () => resolve();
    });
  const isStrict = async (): Promise<boolean> => {
    const name = `strict ${crypto.randomUUID()}`;
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => void opening.result.createObjectStore("s");
    await ends(opening);
    const isSo = opening.result.transaction("s", "readwrite", { durability: "strict" }).durability === "strict";
    opening.result.close();
    await ends(indexedDB.deleteDatabase(name));
    return isSo;
  };
  const listsAborted = async (): Promise<boolean> => {
    const name = `aborted ${crypto.randomUUID()}`;
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.transaction?.abort();
    await ends(opening);
    const listed = (await indexedDB.databases()).some((each) => each.name === name);
    await ends(indexedDB.deleteDatabase(name));
    return listed;
  };
  const hasSyncHandles = (): Promise<boolean> => {
    const code = `(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle("probe", { create: true });
      (await file.createSyncAccessHandle()).close();
      await folder.removeEntry("probe");
    })().then(() => postMessage(true), () => postMessage(false));`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    return new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));
  };
  const { storage } = navigator as { readonly storage?: Partial<StorageManager> };
  return {
    "compression: gzip": compresses("gzip"),
    "compression: deflate-raw": compresses("deflate-raw"),
    "compression: brotli": compresses("brotli"),
    "compression: zstd": compresses("zstd"),
    "strict durability": await isStrict(),
    "lists aborted databases": await listsAborted(),
    "Web Locks": "locks" in navigator,
    "storage buckets": "storageBuckets" in navigator,
    "`estimate()`": typeof storage?.estimate === "function",
    "`persist()`, `persisted()`": typeof storage?.persist === "function" && typeof storage.persisted === "function",
    "OPFS: `getDirectory()`": typeof storage?.getDirectory === "function",
    "OPFS: sync access handles": await hasSyncHandles(),
    "`await using`": parses("return async () => { await using a = null; };"),
    "streams in `for await`": Symbol.asyncIterator in ReadableStream.prototype,
    "shared workers": "SharedWorker" in globalThis,
  };
}
