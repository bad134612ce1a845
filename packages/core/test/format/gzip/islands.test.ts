/** Segments of damaged archive files, found by their markers. */
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../../src/adapter.js";
import { fflateCodec } from "../../../src/codec/fflate.js";
import { HEADER, MARKER } from "../../../src/format/gzip/frame.js";
import { findIslands, type Island } from "../../../src/format/gzip/islands.js";
import { archiveWriter } from "../../../src/format/writer.js";
import { bytesOf, concat, toBytes } from "../../../src/index.js";
import { encode, longLines } from "../../support.js";

const CODEC = fflateCodec();

async function archiveOf(text: string) {
  const writer = archiveWriter("a", bytesOf(encode(text)), CODEC);
  return { bytes: await toBytes(writer.bytes), segments: writer.index().segments };
}

async function islandsIn(bytes: Uint8Array, goesOn = true): Promise<readonly Island[]> {
  const sink = memoryArchives();
  await sink.put("a", bytesOf(bytes));
  return findIslands(sink, CODEC, { key: "a", size: bytes.length, goesOn });
}

const offsets = (all: readonly { readonly archiveOffset: number }[]): number[] => all.map((one) => one.archiveOffset);

describe("four segments", async () => {
  const { bytes, segments } = await archiveOf(longLines(3500));

  test("are all found in a whole file, as they are", async () => {
    expect(segments.length).toBe(4);
    const found = await islandsIn(bytes);
    expect(found).toMatchObject(
      segments.map(({ archiveOffset, archiveSize, rawSize, crc32 }) => ({
        archiveOffset,
        archiveSize,
        rawSize,
        crc32,
      })),
    );
    expect(found.every(({ text }) => text.isJsonl && text.startsLine && text.endsLine)).toBe(true);
  });

  test.each([[0], [1], [2], [3]])("are found without the one that is overwritten: %i", async (n) => {
    const changed = bytes.slice();
    const { archiveOffset = 0, archiveSize = 0 } = segments[n] ?? {};
    changed.fill(0xff, archiveOffset + 3, archiveOffset + archiveSize - 20);
    expect(offsets(await islandsIn(changed))).toEqual(offsets(segments.filter((_, i) => i !== n)));
    expect(offsets(await islandsIn(changed, false))).toEqual(offsets(segments.slice(0, n)));
  });

  test("are found up to where the file is cut, and without its header", async () => {
    const cut = bytes.slice(0, (segments[2]?.archiveOffset ?? 0) + 40);
    cut.fill(0, 0, HEADER.length);
    expect(offsets(await islandsIn(cut))).toEqual(offsets(segments.slice(0, 2)));
  });

  test("behind megabytes of other bytes are found", async () => {
    const { archiveOffset = 0 } = segments[1] ?? {};
    const junk = new Uint8Array(7_000_000).map((_, i) => (i * 2654435761) >>> 13);
    const moved = concat([bytes.subarray(0, archiveOffset), junk, MARKER, bytes.subarray(archiveOffset)]);
    expect((await islandsIn(moved)).map(({ crc32 }) => crc32)).toEqual(segments.map(({ crc32 }) => crc32));
  });
});

test("endless false markers end the search", async () => {
  const hostile = concat([HEADER, ...Array.from({ length: 200_000 }, () => MARKER)]);
  expect(await islandsIn(hostile)).toEqual([]);
});

test("many small segments don't cost a read each", async () => {
  const { bytes, segments } = await archiveOf("{}\n");
  const { archiveOffset = 0, archiveSize = 0 } = segments[0] ?? {};
  const one = bytes.subarray(archiveOffset, archiveOffset + archiveSize);
  const many = concat([HEADER, ...Array.from({ length: 20_000 }, () => one), bytes.subarray(-10)]);
  const sink = memoryArchives();
  await sink.put("a", bytesOf(many));
  let reads = 0;
  const read: typeof sink.read = (...args) => {
    reads++;
    return sink.read(...args);
  };
  const found = await findIslands({ ...sink, read }, CODEC, { key: "a", size: many.length, goesOn: true });
  expect(found).toHaveLength(20_000);
  expect(reads).toBeLessThan(5);
});
