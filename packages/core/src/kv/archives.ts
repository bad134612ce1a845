/** The archive port on a Kv: a head that names the chunks, set once. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { ArchiveInfo, ArchiveSink } from "../ports.js";
import { checkName, resolveRange } from "../validate.js";
import { type Chunk, deleteChunks, readChunks, writeChunks } from "./chunks.js";
import { getJson, type JsonEntry, setJson } from "./json.js";
import type { Kv } from "./kv.js";

interface Head {
  readonly size: number;
  readonly createdAt: number;
  readonly chunks: readonly Chunk[];
}

const PREFIX = "archive/";

export function kvArchives(kv: Kv, now: () => number): ArchiveSink {
  const getHead = (key: string): Promise<JsonEntry<Head> | undefined> => getJson<Head>(kv, PREFIX + key);
  const infoOf = (key: string, { size, createdAt }: Head): ArchiveInfo => ({ key, size, createdAt });
  const exists = (key: string): ArchiverError =>
    new ArchiverError("CONFLICT", `Archive "${key}" exists already.`, { key });
  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      if (await getHead(key)) throw exists(key);
      const chunks = await writeChunks(kv, body, op);
      const head: Head = { size: chunks.reduce((sum, [, bytes]) => sum + bytes, 0), createdAt: now(), chunks };
      if ((await setJson(kv, PREFIX + key, head, null)) !== undefined) return infoOf(key, head);
      await deleteChunks(kv, chunks);
      throw exists(key);
    },
    async stat(key, op) {
      checkName(key, "archive key");
      throwIfAborted(op?.signal, { key });
      const head = await getHead(key);
      return head && infoOf(key, head.value);
    },
    async *read(key, range, op) {
      checkName(key, "archive key");
      resolveRange(range, Number.MAX_SAFE_INTEGER);
      const headNow = async (): Promise<Head> => {
        const head = await getHead(key);
        if (head) return head.value;
        throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
      };
      const { start, end } = resolveRange(range, (await headNow()).size);
      yield* readChunks(kv, start, end, async () => (await headNow()).chunks, op);
    },
    async delete(key, op) {
      checkName(key, "archive key");
      throwIfAborted(op?.signal, { key });
      const head = await getHead(key);
      // The first to delete the head deletes the chunks.
      if (head && (await kv.delete(PREFIX + key, head.version))) await deleteChunks(kv, head.value.chunks);
    },
    async *list(prefix = "", op) {
      for await (const stored of kv.keys(PREFIX + prefix)) {
        throwIfAborted(op?.signal);
        const head = await getJson<Head>(kv, stored);
        if (head) yield infoOf(stored.slice(PREFIX.length), head.value);
      }
    },
  };
}
