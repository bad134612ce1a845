/** How archives are read: by range, with their damage found, and the sink's stream closed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../src/adapter.js";
import { readArchive } from "../../src/format/reader.js";
import { type ArchiveSink, bytesOf, toBytes } from "../../src/index.js";
import { busyCodec, codec } from "../codecs.js";
import { runs } from "../fuzz.js";
import { encode, jsonl, longLines } from "../support.js";
import { write } from "./support.js";

const long = encode(longLines(2100)); // three segments

describe("an archive file", () => {
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
      runs(12),
    );
    await toBytes(readArchive(counting, codec, index, { start: long.length - 10, end: long.length }));
    expect(stored).toBe(index.segments.at(-1)?.archiveSize);
  });

  test("every bit flip, every truncation and trailing bytes are found out", async () => {
    const raw = encode(jsonl(2));
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

test("the sink's stream is closed when it is given up, and its chunks are given back once they were copied", async () => {
  const { index, file } = await write(long);
  const range = { start: 0, end: long.length };
  let given: Uint8Array[] = [];
  let closed = 0;
  const sink: ArchiveSink = {
    ...memoryArchives(),
    async *read() {
      try {
        given = [file.slice(0, 20), file.slice(20)];
        yield* given;
      } finally {
        closed++;
      }
    },
  };
  expect(Buffer.compare(await toBytes(readArchive(sink, busyCodec(3), index, range)), long)).toBe(0);
  expect(given[1]?.length).toBe(0);
  for await (const _ of readArchive(sink, busyCodec(3), index, range)) break;
  expect(closed).toBe(2);
});
