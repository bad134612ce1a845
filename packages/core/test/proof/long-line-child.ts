/** Reads a made-up session with one line of the size that it is given, in one way, and prints what it gave and the peak memory. */
import { release } from "../../src/bytes.js";
import { type Archiver, type BlobRef, createArchiver, memoryPorts, type Ports } from "../../src/index.js";

const [way = "", bytes = "0"] = process.argv.slice(2);
const BLOCK = 1024 * 1024;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const first = encode('{"timestamp":"2026-01-01T00:00:00Z"}\n{"timestamp":"2026-01-01T00:00:00Z","data":"');
const words = encode("words of \\u4e00 one line ".repeat(BLOCK).slice(0, BLOCK));
const last = encode('"}\n{"timestamp":"2026-01-02T00:00:00Z"}\n');
const count = Math.floor(Number(bytes) / BLOCK);
const size = first.length + count * BLOCK + last.length;

/** The output is made while it is read. */
const ports: Ports = memoryPorts();
const ref: BlobRef = { key: { id: "s", name: "output" }, generation: "live-1", size };
const parts = Array.from({ length: count + 2 }, (_, i) => (i === 0 ? first : i === count + 1 ? last : words));
const made: Ports = {
  ...ports,
  blobs: {
    ...ports.blobs,
    stat: async () => ref,
    async *list() {
      yield ref;
    },
    async *read(_, range) {
      const { start, end = size } = range ?? { start: 0 };
      let at = 0;
      for (const part of parts) {
        const begin = at;
        at += part.length;
        if (at > start) yield part.slice(Math.max(0, start - begin), end - begin);
        if (at >= end) return;
      }
    },
  },
};

const WAYS: Readonly<Record<string, (archiver: Archiver) => Promise<number>>> = {
  page: async (archiver) => {
    const lines = await (await archiver.openLines("s")).lines(0, 3);
    return lines.reduce((sum, { bytes: length }) => sum + length, 0);
  },
  tail: async (archiver) => lengthOf(archiver.tail("s", 3)),
  since: async (archiver) => lengthOf(archiver.since("s", Date.parse("2026-01-02T00:00:00Z"))),
  "since before": async (archiver) => lengthOf(archiver.since("s", Date.parse("2025-01-01T00:00:00Z"))),
};

async function lengthOf(read: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of read) {
    length += chunk.length;
    release(chunk); // so that what is measured is held by the library
  }
  return length;
}

await made.objects.put("s", { view: "agent" }, null);
const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);
const before = peakMb();
const given = await WAYS[way]?.(createArchiver(made));
console.log(JSON.stringify({ size, given, grownMb: peakMb() - before }));
