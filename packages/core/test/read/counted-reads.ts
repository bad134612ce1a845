/** How often, and how much, is read of a session's bytes. */
import type { Ports } from "../../src/index.js";

/** Reads, and bytes given. */
export interface Reads {
  archive: number;
  archiveBytes: number;
  manifest: number;
  live: number;
  liveBytes: number;
}

/** Counts the reads through these ports from now on. `take` gives what was counted since it was called last. */
export function countReads({ archives, blobs }: Ports): { take(): Reads } {
  let reads = none();
  const { read } = archives;
  archives.read = async function* (key, range, op) {
    const isManifest = key.endsWith(".json");
    reads[isManifest ? "manifest" : "archive"]++;
    for await (const chunk of read(key, range, op)) {
      if (!isManifest) reads.archiveBytes += chunk.length;
      yield chunk;
    }
  };
  const { read: readLive } = blobs;
  blobs.read = async function* (ref, range, op) {
    reads.live++;
    for await (const chunk of readLive(ref, range, op)) {
      reads.liveBytes += chunk.length;
      yield chunk;
    }
  };
  return {
    take() {
      const taken = reads;
      reads = none();
      return taken;
    },
  };
}

function none(): Reads {
  return { archive: 0, archiveBytes: 0, manifest: 0, live: 0, liveBytes: 0 };
}
