/** An archive sink in memory. */
import { toBytes } from "../../bytes.js";
import type { ArchiveSink } from "../../ports.js";
import { requireArchive, requireUnused } from "../archive-checks.js";
import type { ArchiveHead } from "../backends.js";
import { defineArchives } from "../define-archives.js";
import { resolveRange } from "../validate.js";
import { copiesOf, ROW_BYTES } from "./copies.js";

interface MemoryArchive extends ArchiveHead {
  readonly bytes: Uint8Array;
}

/** An empty sink; `now` (unix ms) dates what is put. */
export function memoryArchives(now: () => number = Date.now): ArchiveSink {
  const archives = new Map<string, MemoryArchive>();
  return defineArchives({
    rowBytes: ROW_BYTES,
    async put(key, body) {
      const bytes = await toBytes(body);
      requireUnused(archives.get(key), key);
      const archive: MemoryArchive = { size: bytes.length, createdAt: now(), bytes };
      archives.set(key, archive);
      return archive;
    },
    stat(key) {
      return archives.get(key);
    },
    async *read(key, range) {
      const { bytes } = requireArchive(archives.get(key), key);
      yield* copiesOf(resolveRange(range, bytes.length), () => bytes);
    },
    delete(key) {
      archives.delete(key);
    },
    async *list(prefix) {
      // Many lists are of few keys, and each key that is given costs more than a look at all.
      for (const key of [...archives.keys()].filter((each) => each.startsWith(prefix))) {
        const archive = archives.get(key);
        if (archive) yield { key, size: archive.size, createdAt: archive.createdAt };
      }
    },
  });
}
