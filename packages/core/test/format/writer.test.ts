/** How archives are written: what comes out, in which pieces, how much at once, and what happens when it ends early. */
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import { baseOf } from "../../src/format/continued.js";
import { scanArchive } from "../../src/format/scan.js";
import { archiveWriter } from "../../src/format/writer.js";
import { type Bytes, bytesOf, type Codec, toBytes } from "../../src/index.js";
import { busyCodec, codec } from "../codecs.js";
import { runs } from "../fuzz.js";
import { encode, longLines } from "../support.js";
import { sinkOf, write } from "./support.js";

const long = encode(longLines(2600)); // three segments

const text = fc
  .string({ unit: fc.constantFrom("a", "\n", " ", "{}", "é", "x".repeat(50)), maxLength: 400 })
  .map(encode);

const MIB = 1024 * 1024;

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

describe("an archive file", () => {
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
        expect(merged.index.segments).toHaveLength(rawBytes === 0 ? 0 : 1);
        const sink = memoryArchives();
        await sink.put("k", bytesOf(merged.file));
        expect(await scanArchive(sink, codec, "k")).toEqual(merged.index);
      }),
      runs(30),
    );
  });
});

describe("going on from an earlier archive", () => {
  const line = encode(longLines(8)); // 8 kB

  test("copies large segments, and makes small last ones anew, however often", async () => {
    let now = await write(long);
    const { segments } = now.index;
    for (let round = 0; round < 100; round++) now = await write(line, now);
    expect(now.index.segments.slice(0, segments.length - 1)).toEqual(segments.slice(0, -1));
    const small = now.index.segments.filter(({ rawSize }) => rawSize < 256 * 1024);
    expect(small.length).toBeLessThan(2);
    expect(gunzipSync(now.file).equals(Buffer.concat([long, ...Array.from({ length: 100 }, () => line)]))).toBe(true);
  });

  test("proves what it copies by the CRC of the whole earlier file", async () => {
    const base = await write(line, await write(long));
    const proven = async (file: Uint8Array): Promise<number> => {
      const writer = archiveWriter("k", bytesOf(line), codec, baseOf(sinkOf(file), base.index, 0));
      await toBytes(writer.bytes);
      return writer.provenSegments();
    };
    expect(await proven(base.file)).toBe(base.index.segments.length - 1);
    const changed = base.file.slice();
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(await proven(changed)).toBe(0);
  });

  test("refuses a small segment that is damaged", async () => {
    const base = await write(line, await write(long));
    const file = base.file.slice();
    file[file.length - 40] = (file[file.length - 40] ?? 0) ^ 1;
    await expect(write(line, { ...base, file })).rejects.toMatchObject({ code: "CORRUPT" });
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
