/** How archives are written, checked and read: in which pieces, how much at once, and what happens when it ends early. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../src/adapter.js";
import { readArchive } from "../src/format/reader.js";
import { segmentsOf } from "../src/format/segmenter.js";
import { archiveWriter } from "../src/format/writer.js";
import { type ArchiveSink, type Bytes, bytesOf, type Codec, fflateCodec, toBytes } from "../src/index.js";
import { encode, jsonl, makeSession, readText, world } from "./support.js";

const codec = fflateCodec();
const MIB = 1024 * 1024;
const long = encode(jsonl(24_000)); // several segments

/** fflate's codec with several segments in the works, which says how many there were at most. */
function busyCodec(concurrency: number): Codec & { most: number } {
  let now = 0;
  const counted = async (work: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> => {
    self.most = Math.max(self.most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return work();
  };
  const self = {
    concurrency,
    most: 0,
    deflate: (raw: Uint8Array) => counted(() => codec.deflate(raw)),
    inflate: (deflated: Uint8Array, maxBytes: number) => counted(() => codec.inflate(deflated, maxBytes)),
  };
  return self;
}

/** A body that says when it was closed, and fails at a chunk if asked to. */
function body(bytes: Uint8Array, failsAt = -1): { readonly bytes: Bytes; closed: number } {
  async function* chunks(): Bytes {
    try {
      for (let at = 0, i = 0; at < bytes.length; at += 100_000, i++) {
        if (i === failsAt) throw new Error("the disk is on fire");
        yield bytes.subarray(at, at + 100_000);
      }
    } finally {
      self.closed++;
    }
  }
  const self = { bytes: chunks(), closed: 0 };
  return self;
}

describe("segments", () => {
  test("are the same when their arrays are used again", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "cd"), maxLength: 300 }).map(encode);
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        async (bytes, limit, size) => {
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const plain: string[] = [];
          for await (const segment of segmentsOf(bytesOf(...chunks), limit))
            plain.push(Buffer.from(segment).toString());
          const spare: Uint8Array[] = [];
          const reused: string[] = [];
          for await (const segment of segmentsOf(bytesOf(...chunks), limit, spare)) {
            reused.push(Buffer.from(segment).toString());
            if (segment.buffer.byteLength !== limit || chunks.some(({ buffer }) => buffer === segment.buffer)) continue;
            spare.push(new Uint8Array(segment.buffer).fill(0));
          }
          expect(reused).toEqual(plain);
        },
      ),
    );
  });

  test("a short session is not copied, and takes no array of a whole segment", async () => {
    const short = encode("{}\n".repeat(1000));
    const segments: Uint8Array[] = [];
    for await (const segment of segmentsOf(bytesOf(short))) segments.push(segment);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toBe(short);
  });
});

describe("writing", () => {
  test("a short session goes to the sink as one chunk, a long one as a chunk for each segment", async () => {
    for (const [raw, chunks] of [
      [encode(""), 1],
      [encode("{}\n"), 1],
      [long.subarray(0, MIB - 1), 1],
      [long, undefined],
    ] as const) {
      const writer = archiveWriter("k", bytesOf(raw), codec);
      const sizes: number[] = [];
      for await (const chunk of writer.bytes) sizes.push(chunk.length);
      const { segments, archiveBytes } = writer.index();
      expect(sizes).toHaveLength(chunks ?? segments.length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(archiveBytes);
    }
  });

  test("makes the same file however many segments are in the works, and no more than allowed are", async () => {
    const file = await toBytes(archiveWriter("k", bytesOf(long), codec).bytes);
    for (const concurrency of [1, 2, 3, 8]) {
      const busy = busyCodec(concurrency);
      const writer = archiveWriter("k", body(long).bytes, busy);
      expect(Buffer.compare(await toBytes(writer.bytes), file)).toBe(0);
      expect(busy.most).toBe(Math.min(concurrency, writer.index().segments.length));
    }
  });

  test("ends with its source's error, or closes it when it is given up", async () => {
    for (const concurrency of [1, 3]) {
      const failing = body(long, 14);
      await expect(toBytes(archiveWriter("k", failing.bytes, busyCodec(concurrency)).bytes)).rejects.toThrow("on fire");
      const left = body(long);
      for await (const _ of archiveWriter("k", left.bytes, busyCodec(concurrency)).bytes) break;
      expect([failing.closed, left.closed]).toEqual([1, 1]);
    }
  });

  test("a codec that fails closes the source, and is what the sink hears", async () => {
    let calls = 0;
    const broken: Codec = {
      ...busyCodec(3),
      deflate: async (raw) => {
        if (++calls === 2) throw new Error("out of codes");
        return codec.deflate(raw);
      },
    };
    const source = body(long);
    const sink = memoryArchives();
    await expect(sink.put("k", archiveWriter("k", source.bytes, broken).bytes)).rejects.toThrow("out of codes");
    expect(source.closed).toBe(1);
    expect(await sink.stat("k")).toBeUndefined();
  });
});

describe("the read-back", () => {
  /** A sink that gives back other bytes than it was given, of the output at least. */
  function lying(change: (file: Uint8Array) => Uint8Array | undefined): ArchiveSink {
    const sink = memoryArchives();
    return {
      ...sink,
      async *read(key, range, op) {
        const file = await toBytes(sink.read(key, range, op));
        yield (key.endsWith(".jsonl.gz") && change(file.slice())) || file;
      },
    };
  }

  test.each([1, 3])("inflates %i segments at once at most, and all of them", async (concurrency) => {
    const busy = busyCodec(concurrency);
    let inflated = 0;
    const counting: Codec = {
      ...busy,
      inflate: (...args) => {
        inflated++;
        return busy.inflate(...args);
      },
    };
    const w = world({ codec: counting });
    await makeSession(w, "s", long);
    await w.archiver.archive("s");
    expect(inflated).toBeGreaterThan(2);
    expect(busy.most).toBe(concurrency);
    expect(await readText(w, "s")).toBe(new TextDecoder().decode(long));
  });

  test.each([
    ["a byte of the header", 4],
    ["a byte of the first segment", 2000],
    ["a byte in the middle", 500_000],
    ["a byte of the last marker", -12],
    ["a byte of the trailer", -5],
  ])("finds %s changed, and commits nothing", async (_, at) => {
    const archives = lying((file) => {
      const index = at < 0 ? file.length + at : at;
      file[index] = (file[index] ?? 0) ^ 0x20;
      return file;
    });
    for (const concurrency of [1, 3]) {
      const w = world({ archives, codec: busyCodec(concurrency) });
      await makeSession(w, `s${concurrency}`, long);
      await expect(w.archiver.archive(`s${concurrency}`)).rejects.toMatchObject({ code: "CORRUPT" });
      expect(await readText(w, `s${concurrency}`)).toBe(new TextDecoder().decode(long));
    }
  });

  test.each([
    ["a cut file", (file: Uint8Array) => file.subarray(0, -1)],
    ["a longer file", (file: Uint8Array) => Buffer.concat([file, Buffer.of(0)])],
  ])("finds %s", async (_, change) => {
    const w = world({ archives: lying(change), codec: busyCodec(3) });
    await makeSession(w, "s", long);
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await readText(w, "s")).toBe(new TextDecoder().decode(long));
  });
});

describe("reading", () => {
  test("leaves the bytes that a sink gives out as they are, and closes the sink's stream when it is given up", async () => {
    const writer = archiveWriter("k", bytesOf(long), codec);
    const file = await toBytes(writer.bytes);
    const given = file.slice();
    let closed = 0;
    const sink: ArchiveSink = {
      ...memoryArchives(),
      async *read() {
        try {
          yield given;
        } finally {
          closed++;
        }
      },
    };
    const range = { start: 0, end: long.length };
    expect(Buffer.compare(await toBytes(readArchive(sink, busyCodec(3), writer.index(), range)), long)).toBe(0);
    for await (const _ of readArchive(sink, busyCodec(3), writer.index(), range)) break;
    expect(closed).toBe(2);
    expect(Buffer.compare(given, file)).toBe(0);
  });
});
