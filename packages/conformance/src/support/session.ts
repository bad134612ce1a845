/** Sessions for whole round trips through the archiver, on the adapter's ports. */
import {
  type Archiver,
  type ArchiveSink,
  createArchiver,
  type Describe,
  type Meta,
  OUTPUT,
  type Ports,
} from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { isRecordKey } from "@session-archiver/core/format";
import { equalBytes } from "./assert.js";
import { pieces } from "./bodies.js";
import { noise, text, toBytes, upTo } from "./data.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The archiver's time, unix ms. */
const NOW = Date.UTC(2026, 0, 31);

/** An age that counts as idle in a sweep. */
const IDLE: Meta = { view: "agent", [KEY.lastActivity]: NOW - 30 * DAY_MS, [KEY.lineCount]: 1 };

/** An archiver without a byte cap: a prune needs a limit of its own. */
export function archiverOn({ objects, blobs, archives }: Ports, describe?: Describe): Archiver {
  return createArchiver({
    objects,
    blobs,
    archives,
    describe,
    now: () => NOW,
    // Even the least output that is added gets an archive file of its own.
    policy: { smallPartBytes: 0 },
  });
}

/** Sink keys without those of run records. */
export async function archiveKeys(archives: ArchiveSink): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of archives.list()) if (!isRecordKey(key)) keys.push(key);
  return keys.sort();
}

/** Lines like an agent's, of about `size` bytes in all, the last one unfinished. */
export function transcript(size: number, seed = 1): Uint8Array {
  const random = noise(size, seed);
  const lines = upTo(Math.ceil(size / 250)).map((n) => {
    const content = random.subarray(n * 60, n * 60 + 60).join(" ");
    return JSON.stringify({ type: "user", line: n, message: { role: "user", content } });
  });
  return text(`${lines.join("\n")}\n\n{"type":"unfinished é😀`);
}

/** A session as a host makes it: its object, its output, and its sidecars. */
export async function makeSession(
  { objects, blobs }: Ports,
  id: string,
  output: Uint8Array,
  sidecars: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> {
  await objects.put(id, { ...IDLE, title: "kept" }, null);
  for (const [name, bytes] of Object.entries({ [OUTPUT]: output, ...sidecars })) {
    await blobs.create({ id, name }, "live-1", pieces(bytes, 100_000));
  }
}

export async function readsAs(archiver: Archiver, id: string, bytes: Uint8Array, when: string): Promise<void> {
  equalBytes(await toBytes(archiver.read(id)), bytes, `the session's bytes ${when}`);
}
