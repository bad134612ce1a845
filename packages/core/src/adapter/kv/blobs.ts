/** Blobs on a Kv: a head that names the chunks; its compare-and-swap is the commit. */
import type { BlobKey, BlobRef } from "../../ports.js";
import type { BlobBackend } from "../backends.js";
import { blobChanged, blobExists, requireExactly, requireReadable } from "../blob-checks.js";
import { appendChunk, CHUNK_BYTES, type Chunk, deleteChunks, readChunks, sizeOf, writeChunks } from "./chunks.js";
import { getJson, type JsonEntry, setJson } from "./json.js";
import type { Kv } from "./kv.js";

interface Head {
  readonly name: string;
  readonly generation: string;
  readonly size: number;
  readonly chunks: readonly Chunk[];
}

/** The length keeps `a` with the blob `b/c` apart from `a/b` with the blob `c`. */
function prefixOf(id: string): string {
  return `blob/${id.length}:${id}/`;
}

export function kvBlobs(kv: Kv): BlobBackend {
  const keyOf = (key: BlobKey): string => prefixOf(key.id) + key.name;
  const find = (key: BlobKey): Promise<JsonEntry<Head> | undefined> => getJson<Head>(kv, keyOf(key));
  const exactly = async (at: BlobRef): Promise<JsonEntry<Head>> => {
    const entry = await find(at.key);
    requireExactly(entry?.value, at);
    return entry as JsonEntry<Head>;
  };
  return {
    rowBytes: CHUNK_BYTES,
    async stat(key) {
      return (await find(key))?.value;
    },
    async *list(id) {
      for await (const key of kv.keys(prefixOf(id))) {
        const head = await getJson<Head>(kv, key);
        if (head) yield head.value;
      }
    },
    async *read(at, { start, end }) {
      const chunksNow = async () => requireReadable((await find(at.key))?.value, at).chunks;
      yield* readChunks(kv, start, end, chunksNow);
    },
    async create(key, generation, body) {
      const chunks = await writeChunks(kv, body);
      const head: Head = { name: key.name, generation, size: sizeOf(chunks), chunks };
      if ((await setJson(kv, keyOf(key), head, null)) !== undefined) return head.size;
      await deleteChunks(kv, chunks);
      throw blobExists(key);
    },
    async append(at, chunk) {
      const { value, version } = await exactly(at);
      if (chunk.length === 0) return;
      const appended = await appendChunk(kv, value.chunks, chunk);
      if (!appended) throw blobChanged(at);
      const head: Head = { ...value, size: at.size + chunk.length, chunks: appended.chunks };
      if ((await setJson(kv, keyOf(at.key), head, version)) === undefined) {
        await deleteChunks(kv, [appended.added]);
        throw blobChanged(at);
      }
      await deleteChunks(kv, appended.replaced);
    },
    async delete(at) {
      const { value, version } = await exactly(at);
      if (!(await kv.delete(keyOf(at.key), version))) throw blobChanged(at);
      await deleteChunks(kv, value.chunks);
    },
  };
}
