/** Archives on a Kv: a head that names the chunks, set once. */
import { archiveExists, requireArchive } from "../archive-checks.js";
import type { ArchiveBackend } from "../backends.js";
import { resolveRange } from "../validate.js";
import { CHUNK_BYTES, type Chunk, deleteChunks, readChunks, sizeOf, writeChunks } from "./chunks.js";
import { getJson, setJson } from "./json.js";
import type { Kv } from "./kv.js";

interface Head {
  readonly size: number;
  readonly createdAt: number;
  readonly chunks: readonly Chunk[];
}

const PREFIX = "archive/";

export function kvArchives(kv: Kv, now: () => number): ArchiveBackend {
  const headNow = async (key: string): Promise<Head> => {
    const entry = await getJson<Head>(kv, PREFIX + key);
    return requireArchive(entry?.value, key);
  };
  return {
    rowBytes: CHUNK_BYTES,
    async put(key, body) {
      const chunks = await writeChunks(kv, body);
      const head: Head = { size: sizeOf(chunks), createdAt: now(), chunks };
      if ((await setJson(kv, PREFIX + key, head, null)) !== undefined) return head;
      await deleteChunks(kv, chunks);
      throw archiveExists(key);
    },
    async stat(key) {
      return (await getJson<Head>(kv, PREFIX + key))?.value;
    },
    async *read(key, range) {
      const { start, end } = resolveRange(range, (await headNow(key)).size);
      yield* readChunks(kv, start, end, async () => (await headNow(key)).chunks);
    },
    async delete(key) {
      const head = await getJson<Head>(kv, PREFIX + key);
      // The first to delete the head deletes the chunks.
      if (head && (await kv.delete(PREFIX + key, head.version))) await deleteChunks(kv, head.value.chunks);
    },
    async *list(prefix) {
      for await (const stored of kv.keys(PREFIX + prefix)) {
        const head = await getJson<Head>(kv, stored);
        if (head) yield { key: stored.slice(PREFIX.length), size: head.value.size, createdAt: head.value.createdAt };
      }
    },
  };
}
