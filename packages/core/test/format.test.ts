import { gunzipSync, crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../src/adapter.js";
import { slicedCrc32 } from "../src/format/crc32.js";
import { inflateBlocks } from "../src/format/gzip/inflate.js";
import type { FileIndex } from "../src/format/manifest.js";
import { encodeManifest } from "../src/format/manifest-encode.js";
import { liftOrigin } from "../src/format/origin.js";
import { readArchive } from "../src/format/reader.js";
import { scanArchive } from "../src/format/scan.js";
import { segmentsOf } from "../src/format/segmenter.js";
import { archiveWriter } from "../src/format/writer.js";
import { combineCrc32, crc32, decodeManifest, lineCounter } from "../src/format.js";
import { bytesOf, fflateCodec, toBytes } from "../src/index.js";
import { encode, jsonl, keysOf, makeSession, world } from "./support.js";

const codec = fflateCodec();
const text = fc
  .string({ unit: fc.constantFrom("a", "\n", " ", "{}", "é", "x".repeat(50)), maxLength: 400 })
  .map(encode);

async function pieces(bytes: Uint8Array, limit: number, chunk: number): Promise<Uint8Array[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const all: Uint8Array[] = [];
  for await (const segment of segmentsOf(bytesOf(...chunks), limit)) all.push(segment.slice());
  return all;
}

describe("crc32", () => {
  test("is what Node's own gives, on both sides of the length from which that is used", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) & 0xff);
    for (const length of [0, 1, 255, 256, 257, 1000]) {
      for (const before of [0, 0xdeadbeef]) {
        expect(crc32(bytes.subarray(0, length), before)).toBe(zlibCrc32(bytes.subarray(0, length), before));
      }
    }
  });

  test("is Node's own for what is long: several times as fast as the other", () => {
    const long = new Uint8Array(4 * 1024 * 1024);
    const timeOf = (work: (bytes: Uint8Array) => number): number => {
      work(long); // warm
      const start = process.cpuUsage().user;
      for (let round = 0; round < 5; round++) work(long);
      return process.cpuUsage().user - start;
    };
    expect(timeOf(crc32)).toBeLessThan(timeOf(slicedCrc32));
  });

  test("is zlib's elsewhere too, whole and continued", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (a, b) => {
        expect(slicedCrc32(a)).toBe(zlibCrc32(a));
        expect(slicedCrc32(b, slicedCrc32(a))).toBe(zlibCrc32(Buffer.concat([a, b])));
        expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(zlibCrc32(Buffer.concat([a, b])));
      }),
    );
  });

  test("combines over lengths beyond 2^32", () => {
    const piece = new Uint8Array(1 << 20);
    let whole = 0;
    let combined = 0;
    let length = 0;
    const pieceCrc = crc32(piece);
    for (let doubling = 0; doubling < 13; doubling++) {
      const half = doubling === 0 ? pieceCrc : combined;
      const halfLength = doubling === 0 ? piece.length : length;
      combined = combineCrc32(half, half, halfLength);
      length = halfLength * 2;
    }
    for (let i = 0; i < length / piece.length; i++) whole = zlibCrc32(piece, whole);
    expect(length).toBeGreaterThan(2 ** 32);
    expect(combined).toBe(whole);
  });
});

describe("segments", () => {
  test("are the input, at most as long as allowed, the same for any chunking, and end lines where they can", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 100 }),
        async (bytes, limit, chunk) => {
          const segments = await pieces(bytes, limit, chunk);
          expect(Buffer.concat(segments).equals(bytes)).toBe(true);
          expect(segments).toEqual(await pieces(bytes, limit, 1000));
          for (const segment of segments.slice(0, -1)) {
            expect(segment.length).toBeLessThanOrEqual(limit);
            if (segment.includes(10)) expect(segment.at(-1)).toBe(10);
          }
        },
      ),
    );
  });
});

test("lineCounter counts alike however the bytes are cut", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (bytes, chunk) => {
      const counter = lineCounter();
      for (let at = 0; at < bytes.length; at += chunk) counter.add(bytes.subarray(at, at + chunk));
      const lines = new TextDecoder().decode(bytes).split("\n");
      expect(counter.lines).toBe(lines.filter((line) => line.trim() !== "").length);
      expect(counter.newlines).toBe(lines.length - 1);
      expect(counter.openLine).toBe(lines.at(-1)?.trim() !== "");
    }),
  );
});

async function write(
  raw: Uint8Array,
  base?: { index: FileIndex; file: Uint8Array },
): Promise<{ index: FileIndex; file: Uint8Array }> {
  const segments = base && bytesOf(base.file.subarray(10, base.file.length - 10));
  const writer = archiveWriter(
    "k",
    bytesOf(raw),
    codec,
    base && segments ? { index: base.index, segments } : undefined,
  );
  const file = await toBytes(writer.bytes);
  expect(writer.index().archiveCrc32).toBe(crc32(file));
  return { index: writer.index(), file };
}

describe("an archive file", () => {
  const long = encode(jsonl(20_000)); // several segments

  test("is one gzip member of the input, and its index is what a scan finds", async () => {
    for (const raw of [encode(""), encode("x"), encode("{}\n"), long]) {
      const { index, file } = await write(raw);
      expect(gunzipSync(file).equals(raw)).toBe(true);
      const sink = memoryArchives();
      await sink.put("k", bytesOf(file));
      expect(await scanArchive(sink, codec, "k")).toEqual(index);
    }
    expect((await write(long)).index.segments.length).toBeGreaterThan(2);
  });

  test("goes on from an earlier one as if written at once, but for where segments end", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (a, b, c) => {
        const merged = await write(c, await write(b, await write(a)));
        const whole = Buffer.concat([a, b, c]);
        expect(gunzipSync(merged.file).equals(whole)).toBe(true);
        const { lines, newlines, openLine, crc32: crc, rawBytes } = (await write(whole)).index;
        expect(merged.index).toMatchObject({ lines, newlines, openLine, crc32: crc, rawBytes });
        const sink = memoryArchives();
        await sink.put("k", bytesOf(merged.file));
        expect(await scanArchive(sink, codec, "k")).toEqual(merged.index);
      }),
      { numRuns: 50 },
    );
  });

  test("is read by range, touching only the segments that the range needs", async () => {
    const { index, file } = await write(long);
    const sink = memoryArchives();
    await sink.put("k", bytesOf(file));
    let stored = 0;
    const counting = {
      ...sink,
      async *read(...args: Parameters<typeof sink.read>) {
        for await (const chunk of sink.read(...args)) {
          stored += chunk.length;
          yield chunk;
        }
      },
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(long.length), fc.nat(long.length), async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(
          Buffer.from(await toBytes(readArchive(sink, codec, index, { start, end }))).equals(long.subarray(start, end)),
        ).toBe(true);
      }),
      { numRuns: 30 },
    );
    await toBytes(readArchive(counting, codec, index, { start: long.length - 10, end: long.length }));
    expect(stored).toBe(index.segments.at(-1)?.archiveSize);
  });

  test("every bit flip, every truncation and trailing bytes are found out", async () => {
    const raw = encode(jsonl(6));
    const { index, file } = await write(raw);
    const read = async (bytes: Uint8Array): Promise<Uint8Array> => {
      const sink = memoryArchives();
      await sink.put("k", bytesOf(bytes));
      return toBytes(readArchive(sink, codec, index, { start: 0, end: index.rawBytes }));
    };
    expect(await read(file)).toEqual(raw);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = await read(flipped).catch((error: unknown) => error);
      // A flip in bits that inflate ignores gives the right bytes.
      if (outcome instanceof Uint8Array) expect(outcome).toEqual(raw);
      else expect(outcome).toMatchObject({ code: "CORRUPT", key: "k" });
    }
    for (let length = 0; length < file.length; length++) {
      await expect(read(file.subarray(0, length))).rejects.toMatchObject({ code: "CORRUPT" });
    }
    await expect(read(Buffer.concat([file, Uint8Array.of(0)]))).rejects.toMatchObject({ code: "CORRUPT" });
  });
});

test("a segment that ends the deflate stream early is found out", async () => {
  const blocks = await codec.deflate(encode("{}\n"));
  const raw = (stream: Uint8Array) => inflateBlocks(codec, stream, 1000);
  expect(await raw(blocks)).toEqual(encode("{}\n"));
  await expect(raw(Buffer.concat([blocks, Uint8Array.of(3, 0)]))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(raw(new Uint8Array())).resolves.toEqual(new Uint8Array());
});

test("a scan gives up on bytes that are made of false segment ends", async () => {
  const { file } = await write(encode(jsonl(3)));
  const marker = file.subarray(-20, -10);
  const hostile = Buffer.concat([
    file.subarray(0, 10),
    Uint8Array.of(7),
    ...Array.from({ length: 100_000 }, () => marker),
    file.subarray(-10),
  ]);
  const sink = memoryArchives();
  await sink.put("k", bytesOf(hostile));
  let inflations = 0;
  const counting = {
    ...codec,
    inflate(...args: Parameters<typeof codec.inflate>) {
      inflations++;
      return codec.inflate(...args);
    },
  };
  await expect(scanArchive(sink, counting, "k")).rejects.toMatchObject({ code: "CORRUPT" });
  expect(inflations).toBeLessThan(2000);
});

describe("the manifest", () => {
  const manifestOf = async (): Promise<Uint8Array> => {
    const { index } = await write(encode(jsonl(12_000)));
    const file = { ...index, name: "output", generation: "g" };
    return toBytes(
      encodeManifest({
        format: 1,
        id: "s",
        createdAt: 1,
        meta: { view: "agent" },
        files: [file, { ...file, name: "b" }],
      }),
    );
  };

  test("comes back as it went in", async () => {
    const { index } = await write(encode(jsonl(12_000)));
    const decoded = decodeManifest(await manifestOf(), "m");
    expect(decoded.files[0]).toEqual({ ...index, name: "output", generation: "g" });
    expect(decoded).toMatchObject({ format: 1, id: "s", createdAt: 1, meta: { view: "agent" } });
    expect(decoded.files[1]?.segments).toEqual(index.segments);
  });

  test("says where a session came from, what is known of it, and where the members of its unit lay", async () => {
    const w = world();
    const source = { identity: "codex:0199", host: "laptop" };
    const facts = { by: "transcripts", version: 3, values: { title: "fix the parser" } };
    const members = { side: { path: "subagents/a.jsonl", mode: 0o600, mtimeMs: 1.5 }, output: { path: 7, mode: 1e9 } };
    const meta = { "session:source": source, "session:facts": facts, "session:members": members, title: "mine" };
    await makeSession(w, "s", jsonl(3), meta as never);
    await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
    await w.archiver.archive("s");
    const key = (await keysOf(w)).find((one) => one.endsWith(".json")) ?? "";
    const manifest = decodeManifest(await toBytes(w.ports.archives.read(key)), key);
    expect(manifest).toMatchObject({ format: 2, store: await w.archiver.storeId(), source, facts });
    expect(manifest.meta).toMatchObject({ title: "mine", view: "agent" });
    expect(manifest.meta).not.toHaveProperty("session:facts");
    const [output, side] = manifest.files;
    expect(side).toMatchObject(members.side);
    expect(output).not.toHaveProperty("path");
    expect(output).not.toHaveProperty("mode");
    // The catalogue keeps all of it as it was.
    expect((await w.archiver.info("s")).meta).toMatchObject(meta);
  });

  test("what has another shape than facts and sources stays where it was", async () => {
    const meta = { "session:source": "a string", "session:facts": { by: "x", version: "1", values: [] } };
    expect(liftOrigin(meta)).toMatchObject({ source: undefined, facts: undefined, rest: meta });
  });

  test("what is not one is CORRUPT, whatever is wrong with it", async () => {
    const good = JSON.parse(new TextDecoder().decode(await manifestOf()));
    const segments = good.files[0].segments;
    const bad: unknown[] = [
      null,
      1,
      [],
      {},
      ...[0, 3, "2", null].map((format) => ({ ...good, format })),
      { ...good, files: [{ ...good.files[0], framing: "zstd" }] },
      { ...good, files: [{ ...good.files[0], parts: [] }] },
      { ...good, id: 7 },
      { ...good, meta: null },
      { ...good, files: {} },
      { ...good, files: [null] },
      { ...good, createdAt: "now" },
      ...["name", "key", "generation", "rawBytes", "storedBytes", "crc32", "storedCrc32", "lines", "segments"].map(
        (key) => ({
          ...good,
          files: [{ ...good.files[0], [key]: undefined }],
        }),
      ),
      ...[
        [],
        segments.slice(1),
        [segments[1], segments[0]],
        [null],
        [[-1, 2, 3, 4, 5, 6]],
        [[10, 2 ** 53, 0, 1, 0, 0, null]],
      ].map((rows) => ({ ...good, files: [{ ...good.files[0], segments: rows }] })),
    ];
    for (const value of bad) {
      expect(() => decodeManifest(encode(JSON.stringify(value)), "m")).toThrow(
        expect.objectContaining({ code: "CORRUPT", key: "m" }),
      );
    }
    expect(() => decodeManifest(encode("["), "m")).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    expect(() => decodeManifest(encode("[".repeat(1_000_000)), "m")).toThrow(
      expect.objectContaining({ code: "CORRUPT" }),
    );
  });
});
