/** An archive sink in memory. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { ArchiveInfo, ArchiveSink } from "../ports.js";
import { checkName, resolveRange } from "../validate.js";
import { drain, READ_CHUNK_BYTES } from "./drain.js";

/** An empty sink; `now` (unix ms) dates what is put. */
export function memoryArchives(now: () => number = Date.now): ArchiveSink {
  const archives = new Map<string, { info: ArchiveInfo; bytes: Uint8Array }>();
  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const absent = (): void => {
        if (archives.has(key)) throw new ArchiverError("CONFLICT", `Archive "${key}" exists already.`, { key });
      };
      absent();
      const bytes = await drain(body, op);
      absent();
      const info: ArchiveInfo = { key, size: bytes.length, createdAt: now() };
      archives.set(key, { info, bytes });
      return info;
    },
    async stat(key, op) {
      checkName(key, "archive key");
      throwIfAborted(op?.signal, { key });
      return archives.get(key)?.info;
    },
    async *read(key, range, op) {
      checkName(key, "archive key");
      resolveRange(range, Number.MAX_SAFE_INTEGER);
      const bytes = archives.get(key)?.bytes;
      if (!bytes) throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
      const { start, end } = resolveRange(range, bytes.length);
      for (let from = start; from < end; from += READ_CHUNK_BYTES) {
        throwIfAborted(op?.signal, { key });
        yield bytes.slice(from, Math.min(end, from + READ_CHUNK_BYTES));
      }
    },
    async delete(key, op) {
      checkName(key, "archive key");
      throwIfAborted(op?.signal, { key });
      archives.delete(key);
    },
    async *list(prefix = "", op) {
      for (const { info } of [...archives.values()]) {
        throwIfAborted(op?.signal);
        if (info.key.startsWith(prefix) && archives.has(info.key)) yield info;
      }
    },
  };
}
