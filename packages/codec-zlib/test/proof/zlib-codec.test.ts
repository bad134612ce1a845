import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { gzipSync, inflateRawSync } from "node:zlib";
import { type Codec, concat, fflateCodec, nativeCodec } from "@session-archiver/core";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { generateSession } from "@session-archiver/test-kit/sessions";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ended, manyBlocks, outcome, testCodecs } from "../../../core/test/codec/codec-laws.js";
import { zlibCodec } from "../../src/index.js";

const MIB = 1024 * 1024;
const LEVELS = Array.from({ length: 10 }, (_, level) => level);

describe("beside the others", () => {
  testCodecs({ zlib: zlibCodec(), fflate: fflateCodec(), native: nativeCodec() }, ["zlib"]);
});

test.each(LEVELS)("level %i is read by all, from one byte to segments that go to the thread pool", async (level) => {
  const codec = zlibCodec({ level });
  await fc.assert(
    fc.asyncProperty(manyBlocks, fc.constantFrom(zlibCodec(), fflateCodec()), async (raw, reader) => {
      const stream = ended(await codec.deflate(raw));
      expect(Buffer.compare(await reader.inflate(stream, raw.length), raw)).toBe(0);
      expect(inflateRawSync(stream).equals(raw)).toBe(true);
    }),
    { numRuns: 10, examples: [[Uint8Array.of(7), fflateCodec()]] },
  );
});

test.each([
  ["text", sessionText(8 * 1024)],
  ["nothing", new Uint8Array()],
  ["more than the first buffer holds", new Uint8Array(MIB)],
])("a small segment whose raw size is not known takes a buffer of its own size: %s", async (_, raw) => {
  const codec = zlibCodec();
  const deflated = ended(await codec.deflate(raw));
  const inflated = await codec.inflate(deflated, MIB);
  expect(Buffer.compare(inflated, raw)).toBe(0);
  expect(inflated.buffer.byteLength).toBeLessThanOrEqual(Math.max(1024, 32 * deflated.length, raw.length));
});

test("a deflated segment takes an array of its own size, and so do others beside it", async () => {
  const codec = zlibCodec();
  const raws = [70_000, MIB >> 1, MIB].map(sessionText);
  const all = await Promise.all(raws.map((raw) => codec.deflate(raw)));
  for (const [n, blocks] of all.entries()) {
    expect(blocks.buffer.byteLength).toBe(blocks.length);
    expect(inflateRawSync(ended(blocks)).equals(raws[n] as Uint8Array)).toBe(true);
  }
});

test("zlib's buffers are given back at once", async () => {
  const codec = zlibCodec();
  const raw = sessionText(MIB);
  await codec.deflate(raw);
  const before = process.memoryUsage().arrayBuffers;
  const blocks = await codec.deflate(raw);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * blocks.length);
});

test("levels give sizes in their order", async () => {
  const raw = sessionText(MIB);
  const sizes = await Promise.all(LEVELS.map(async (level) => (await zlibCodec({ level }).deflate(raw)).length));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  expect(sizes[0]).toBeGreaterThan(MIB);
  expect(new Set(sizes.slice(0, 8)).size).toBe(8);
  expect((await zlibCodec().deflate(raw)).length).toBe(sizes[6]);
});

describe("a bomb", () => {
  const codec = zlibCodec();

  test.each([
    ["at once", 100_000, 20 * MIB],
    ["in the thread pool", MIB, 64 * MIB],
  ])("is refused in the memory it claims, %s", async (_, maxBytes, length) => {
    const bomb = ended(await codec.deflate(new Uint8Array(length)));
    const before = process.memoryUsage().arrayBuffers;
    expect(await outcome(codec, bomb, maxBytes)).toBe("CORRUPT");
    // Node also cuts Buffers from a shared pool.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * maxBytes + 128 * 1024);
  });
});

describe("options", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each([-1, 10, 1.5, Number.NaN, "6", null, {}, Object.create(null), 6n])("level %o is refused", (level) => {
    expect(() => zlibCodec({ level: level as number })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining("level") }),
    );
  });

  test.each([0, -1, 65, 1.5, Number.POSITIVE_INFINITY, "2", null])("concurrency %o is refused", (concurrency) => {
    expect(() => zlibCodec({ concurrency: concurrency as number })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining("concurrency") }),
    );
  });

  test.each([9, null, "best"])("%o is no set of options", (options) => {
    expect(() => zlibCodec(options as unknown as { level: number })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  });

  test("concurrency is the given one, or four more than the thread pool has", () => {
    expect(zlibCodec({ concurrency: 64 }).concurrency).toBe(64);
    expect(zlibCodec({ concurrency: undefined, level: undefined }).concurrency).toBeGreaterThanOrEqual(1);
    const inPoolOf = (threads: string): number => {
      vi.stubEnv("UV_THREADPOOL_SIZE", threads);
      return zlibCodec().concurrency;
    };
    expect(inPoolOf("1")).toBe(1 + 4);
    expect(inPoolOf("-3")).toBe(1 + 4);
    expect(inPoolOf("1000")).toBe(Math.min(availableParallelism() + 4, 64));
    expect(inPoolOf("many")).toBe(Math.min(availableParallelism(), 4) + 4);
  });
});

describe("the thread", () => {
  /** Whether the codec gave its answer without another thread. */
  async function isAtOnce(work: () => Uint8Array | Promise<Uint8Array>): Promise<boolean> {
    let hopped = false;
    const immediate = setImmediate(() => {
      hopped = true;
    });
    await work();
    clearImmediate(immediate);
    return !hopped;
  }

  test("is kept for short segments, and left for long ones", async () => {
    const codec = zlibCodec();
    const [short, long] = [sessionText(20_000), sessionText(MIB)];
    const streams = { short: ended(await codec.deflate(short)), long: ended(await codec.deflate(long)) };
    expect(await isAtOnce(() => codec.deflate(short))).toBe(true);
    expect(await isAtOnce(() => codec.deflate(long))).toBe(false);
    expect(await isAtOnce(() => codec.inflate(streams.short, short.length))).toBe(true);
    expect(await isAtOnce(() => codec.inflate(streams.long, long.length))).toBe(false);
    // The possible length counts, not the actual one.
    expect(await isAtOnce(() => codec.inflate(streams.short, 4 * MIB))).toBe(false);
    // Empty blocks, which give nothing, take their time as well.
    const empty = ended(concat(Array.from({ length: 100_000 }, () => Uint8Array.of(0, 0, 0, 255, 255))));
    expect(await isAtOnce(() => codec.inflate(empty, 10))).toBe(false);
  });
});

test.skipIf(!hasCorpus)(
  `real sessions are as small as gzip -6 makes them${hasCorpus ? "" : ` (${NO_CORPUS})`}`,
  async () => {
    const codec: Codec = zlibCodec();
    for (const path of await corpusFiles()) {
      const raw = await readFile(join(CORPUS, path));
      if (raw.length > MIB) continue;
      const blocks = await codec.deflate(raw);
      // The header and trailer of gzip are 18 bytes; the flush in place of the end takes up to 5.
      expect(blocks.length - (gzipSync(raw, { level: 6 }).length - 18)).toBeLessThanOrEqual(5);
    }
  },
);

function sessionText(bytes: number): Uint8Array {
  return concat([...generateSession({ seed: 1, bytes })]).subarray(0, bytes);
}
