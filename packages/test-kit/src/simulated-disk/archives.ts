/** Archives on a simulated disk. */
import { type ArchiveInfo, ArchiverError, type Ports, toBytes } from "@session-archiver/core";
import { absent, type Journal } from "./journal.js";

export interface StoredArchive {
  readonly info: ArchiveInfo;
  readonly bytes: Uint8Array;
}

export function archivesOn(
  archives: Map<string, StoredArchive>,
  journal: Journal,
  now: () => number,
): Ports["archives"] {
  return {
    async put(key, body) {
      absent(archives.has(key), key);
      const bytes = await toBytes(body);
      absent(archives.has(key), key);
      const info: ArchiveInfo = { key, size: bytes.length, createdAt: now() };
      journal.set(archives, key, { info, bytes: bytes.slice() });
      return info;
    },
    stat: async (key) => archives.get(key)?.info,
    async *read(key, { start, end = Number.POSITIVE_INFINITY } = { start: 0 }) {
      const archive = archives.get(key);
      if (!archive) throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
      yield archive.bytes.slice(start, Math.min(end, archive.bytes.length));
    },
    delete: async (key) => journal.set(archives, key, undefined),
    async *list(prefix = "") {
      // In the order of keys, as in most sinks: new keys may come before older ones.
      for (const key of [...archives.keys()].sort()) {
        const info = key.startsWith(prefix) ? archives.get(key)?.info : undefined;
        if (info) yield info;
      }
    },
  };
}
