/** The blob port on a Kv: a head that names the chunks; its compare-and-swap is the commit. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { BlobKey, BlobRef, BlobStore } from "../ports.js";
import { checkBlobKey, checkBlobRef, checkName, resolveRange } from "../validate.js";
import { appendChunk, type Chunk, deleteChunks, readChunks, writeChunks } from "./chunks.js";
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

export function kvBlobs(kv: Kv): BlobStore {
  const keyOf = (key: BlobKey): string => prefixOf(key.id) + key.name;
  const getHead = (key: BlobKey): Promise<JsonEntry<Head> | undefined> => getJson<Head>(kv, keyOf(key));
  const refOf = (id: string, head: Head): BlobRef => ({
    key: { id, name: head.name },
    generation: head.generation,
    size: head.size,
  });
  const fail = (code: "CONFLICT" | "NOT_FOUND", { id, name }: BlobKey, what: string): ArchiverError =>
    new ArchiverError(code, `Blob "${name}" of "${id}" ${what}.`, { id, key: name });
  const headExactly = async (at: BlobRef): Promise<JsonEntry<Head>> => {
    const head = await getHead(at.key);
    if (!head) throw fail("NOT_FOUND", at.key, "is gone");
    if (head.value.generation === at.generation && head.value.size === at.size) return head;
    throw fail("CONFLICT", at.key, "has changed");
  };
  return {
    async stat(key, op) {
      checkBlobKey(key);
      throwIfAborted(op?.signal, { id: key.id });
      const head = await getHead(key);
      return head && refOf(key.id, head.value);
    },
    async *list(id, op) {
      checkName(id, "session id");
      for await (const key of kv.keys(prefixOf(id))) {
        throwIfAborted(op?.signal, { id });
        const head = await getJson<Head>(kv, key);
        if (head) yield refOf(id, head.value);
      }
    },
    async *read(at, range, op) {
      checkBlobRef(at);
      const { start, end } = resolveRange(range, at.size);
      const chunksNow = async (): Promise<readonly Chunk[]> => {
        const head = await getHead(at.key);
        if (head?.value.generation !== at.generation)
          throw fail("NOT_FOUND", at.key, "is not there in this generation");
        if (head.value.size < at.size) throw fail("CONFLICT", at.key, "is shorter than the ref says");
        return head.value.chunks;
      };
      yield* readChunks(kv, start, end, chunksNow, op);
    },
    async create(key, generation, body, op) {
      checkBlobKey(key);
      checkName(generation, "generation");
      if (await getHead(key)) throw fail("CONFLICT", key, "exists already");
      const chunks = await writeChunks(kv, body, op);
      const size = chunks.reduce((sum, [, bytes]) => sum + bytes, 0);
      const head: Head = { name: key.name, generation, size, chunks };
      if ((await setJson(kv, keyOf(key), head, null)) !== undefined) return refOf(key.id, head);
      await deleteChunks(kv, chunks);
      throw fail("CONFLICT", key, "was created meanwhile");
    },
    async append(at, chunk, op) {
      checkBlobRef(at);
      throwIfAborted(op?.signal, { id: at.key.id });
      const { value, version } = await headExactly(at);
      if (chunk.length === 0) return refOf(at.key.id, value);
      const appended = await appendChunk(kv, value.chunks, chunk);
      if (!appended) throw fail("CONFLICT", at.key, "has changed");
      const head: Head = { ...value, size: at.size + chunk.length, chunks: appended.chunks };
      if ((await setJson(kv, keyOf(at.key), head, version)) === undefined) {
        await deleteChunks(kv, [appended.added]);
        throw fail("CONFLICT", at.key, "has changed");
      }
      await deleteChunks(kv, appended.replaced);
      return refOf(at.key.id, head);
    },
    async delete(at, op) {
      checkBlobRef(at);
      throwIfAborted(op?.signal, { id: at.key.id });
      const { value, version } = await headExactly(at);
      if (!(await kv.delete(keyOf(at.key), version))) throw fail("CONFLICT", at.key, "has changed");
      await deleteChunks(kv, value.chunks);
    },
  };
}
