/** Finding the last segments of an archive from its end, without its manifest. */
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { memoryArchives } from "../../../src/adapter.js";
import { scanEnd } from "../../../src/format/gzip/scan-end.js";
import { type ReadIndex, readArchive } from "../../../src/format/reader.js";
import { archiveWriter } from "../../../src/format/writer.js";
import { bytesOf, type Codec, toBytes } from "../../../src/index.js";
import { codec } from "../../codecs.js";
import { runs } from "../../fuzz.js";
import { encode, jsonl } from "../../support.js";

// Small archives of several segments.
vi.mock("../../../src/format/continued.js", () => import("../as-before.js"));

/** An archive file of these pieces, a segment or more for each. */
async function write(
  pieces: readonly Uint8Array[],
  by: Codec = codec,
): Promise<{ file: Uint8Array; index: ReadIndex; raw: Buffer }> {
  let file: Uint8Array = new Uint8Array();
  let base: Parameters<typeof archiveWriter>[3];
  for (const piece of pieces) {
    const writer = archiveWriter("k", bytesOf(piece), by, base);
    file = await toBytes(writer.bytes);
    base = { index: writer.index(), segments: bytesOf(file.subarray(10, -10)), isProven: () => true };
  }
  if (!base) throw new Error("no pieces");
  return { file, index: base.index, raw: Buffer.concat(pieces) };
}

async function sinkWith(file: Uint8Array): Promise<ReturnType<typeof memoryArchives>> {
  const sink = memoryArchives();
  await sink.put("k", bytesOf(file));
  return sink;
}

const asFound = <T>(segment: T): T => segment;

/** Leaves bytes as they are, as deflate does with what it can't compress. */
const storing: Codec = {
  ...codec,
  deflate: (raw) => deflateRawSync(raw, { level: 0, finishFlush: constants.Z_SYNC_FLUSH }),
};

describe("scanning back from the end", () => {
  const piece = fc.oneof(
    fc.string({ minLength: 1, maxLength: 300 }).map(encode),
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.constant(encode(jsonl(60))),
  );

  test("finds the segments that the index has, as many as are needed, and their bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (pieces, part) => {
          const { file, index, raw } = await write(pieces);
          const sink = await sinkWith(file);
          const from = Math.floor((raw.length - 1) * part);
          const end = await scanEnd(sink, codec, { ...index, segments: [] }, from, asFound);
          const first = index.segments.findLastIndex((segment) => segment.rawOffset <= from);
          const places = (segments: ReadIndex["segments"]) =>
            segments.map(({ archiveOffset, archiveSize, rawOffset, rawSize, crc32 }) => [
              archiveOffset,
              archiveSize,
              rawOffset,
              rawSize,
              crc32,
            ]);
          expect(places(end?.segments ?? [])).toEqual(places(index.segments.slice(first)));
          if (!end) return;
          const bytes = await toBytes(readArchive(sink, codec, end, { start: from, end: raw.length }));
          expect(raw.subarray(from).equals(bytes)).toBe(true);
          const more = await scanEnd(sink, codec, end, 0, asFound);
          expect(places(more?.segments ?? [])).toEqual(places(index.segments));
        },
      ),
      runs(30),
    );
  });

  test("is not misled by an archive that a segment holds as it is", async () => {
    const inner = await write([encode(jsonl(30)), encode(jsonl(40, 2))]);
    const { file, index, raw } = await write(
      [encode(jsonl(10)), Buffer.concat([inner.file, encode("\nlast\n")])],
      storing,
    );
    expect(Buffer.from(file).includes(inner.file)).toBe(true);
    const sink = await sinkWith(file);
    const end = await scanEnd(sink, codec, { ...index, segments: [] }, raw.length - 1, asFound);
    expect(end?.segments[0]?.rawOffset).toBe(index.segments[1]?.rawOffset);
    expect(
      raw
        .subarray(-5)
        .equals(await toBytes(readArchive(sink, codec, end as ReadIndex, { start: raw.length - 5, end: raw.length }))),
    ).toBe(true);
  });

  test("gives nothing for an archive that is cut, longer, another one, or made of false segment ends", async () => {
    const { file, index } = await write([encode(jsonl(30)), encode(jsonl(40, 2))]);
    const none = { ...index, segments: [] };
    const scan = async (bytes: Uint8Array, known: ReadIndex = none) =>
      scanEnd(await sinkWith(bytes), codec, known, 0, asFound).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "CORRUPT" });
        return undefined;
      });
    expect(await scan(file)).toBeDefined();
    for (let length = 0; length < file.length; length += 23)
      expect(await scan(file.subarray(0, length))).toBeUndefined();
    expect(await scan(Buffer.concat([file, Uint8Array.of(0)]))).toBeUndefined();
    expect(await scan(file, { ...none, crc32: index.crc32 ^ 1 })).toBeUndefined();
    expect(await scan(file, { ...none, rawBytes: index.rawBytes + 1 })).toBeUndefined();
    const marker = file.subarray(-20, -10);
    const hostile = Buffer.concat([
      file.subarray(0, 10),
      Uint8Array.of(7),
      ...Array.from({ length: 3000 }, () => marker),
      file.subarray(-10),
    ]);
    expect(await scan(hostile, { ...none, archiveBytes: hostile.length })).toBeUndefined();
  });

  test("whatever bit is flipped, the whole comes back right or not at all", async () => {
    const { file, index, raw } = await write([encode("{}\n[1]\n"), encode("a line\n"), encode(jsonl(1))]);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const sink = await sinkWith(flipped);
      const end = await scanEnd(sink, codec, { ...index, segments: [] }, 0, asFound).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "CORRUPT" });
        return undefined;
      });
      if (end)
        expect(raw.equals(await toBytes(readArchive(sink, codec, end, { start: 0, end: raw.length })))).toBe(true);
    }
  });
});
