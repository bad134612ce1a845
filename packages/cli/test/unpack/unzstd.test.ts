/** Both decoders unpack every frame of every shape, however the bytes are cut, and explain why other bytes aren't a frame. */
import { randomBytes } from "node:crypto";
import { type Bytes, toBytes } from "@session-archiver/core";
import { frame, handmade, skippable } from "@session-archiver/test-kit/zstd";
import type { FrameDecoder } from "@session-archiver/transcripts";
import { describe, expect, test } from "vitest";
import { inJavaScript, natively, unzstd } from "../../src/import/unpack/unzstd.js";

const LINES = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `{"n":${i},"text":"${i % 97} words"}\n`).join(""));
const NOISE = randomBytes(700_000);

const whole: Readonly<Record<string, readonly [packed: Buffer, raw: Buffer]>> = {
  "one frame": [frame(LINES), LINES],
  "with a checksum": [frame(LINES, { checksum: true }), LINES],
  "without its size": [frame(LINES, { size: false }), LINES],
  "incompressible bytes": [frame(NOISE, { checksum: true }), NOISE],
  "a single byte": [frame("x"), Buffer.from("x")],
  "255, 256 and 65,791 bytes, whose sizes are written in other ways": [
    Buffer.concat([255, 256, 65_791, 65_792].map((size) => frame(NOISE.subarray(0, size)))),
    Buffer.concat([255, 256, 65_791, 65_792].map((size) => NOISE.subarray(0, size))),
  ],
  "an empty frame": [frame(""), Buffer.of()],
  "an empty frame between others": [
    Buffer.concat([frame("one\n"), frame("", { checksum: true }), frame("two\n")]),
    Buffer.from("one\ntwo\n"),
  ],
  "many frames": [
    Buffer.concat(Array.from({ length: 40 }, (_, i) => frame(`line ${i}\n`, { checksum: i % 2 === 0 }))),
    Buffer.from(Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join("")),
  ],
  "skippable frames before, between and behind": [
    Buffer.concat([skippable("index", 15), frame(LINES), skippable(NOISE), frame("end"), skippable("")]),
    Buffer.concat([LINES, Buffer.from("end")]),
  ],
  "only a skippable frame": [skippable("index"), Buffer.of()],
  "a window of 128 MiB": [frame(LINES, { windowLog: 27, size: false, level: 1 }), LINES],
  "runs and plain blocks": [
    handmade([{ raw: "{" }, { byte: 120, times: 100_000 }, { raw: "" }, { raw: "}\n" }]),
    Buffer.from(`{${"x".repeat(100_000)}}\n`),
  ],
};

const broken: Readonly<Record<string, readonly [packed: Buffer, says: RegExp]>> = {
  "bytes that are no frame": [Buffer.from("no zstd at all"), /not a zstd frame/],
  "bytes behind a frame": [Buffer.concat([frame(LINES), Buffer.from("\0\0\0\0\0")]), /not a zstd frame/],
  "a single byte behind a frame": [Buffer.concat([frame(LINES), Buffer.from("x")]), /ends in the middle/],
  "a torn second frame": [Buffer.concat([frame(LINES), frame(NOISE).subarray(0, -10)]), /ends in the middle/],
  "a torn checksum": [frame(LINES, { checksum: true }).subarray(0, -1), /ends in the middle/],
  "a torn header": [frame(LINES).subarray(0, 5), /ends in the middle/],
  "a torn skippable frame": [skippable("index").subarray(0, -1), /ends in the middle/],
  "a dictionary that isn't there": [Buffer.from("28b52ffd210701ffffff", "hex"), /dictionary/],
  "a form that is not known": [Buffer.from("28b52ffd0838010000", "hex"), /unknown form/],
  "a window of 256 MiB": [handmade([{ raw: "x" }], 0x90), /128 MiB/],
  "a block of a kind that is not known": [handmade([{ damaged: true }]), /damaged block/],
  "a block that is larger than its window": [handmade([{ raw: NOISE.subarray(0, 140_000) }]), /damaged block/],
  "fewer bytes than its header says": [falseSize(), /(?:raw bytes in a frame of|corrupt|invalid|incorrect)/i],
};

/** A frame whose header says 9 bytes, but that holds 4. */
function falseSize(): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 9]), handmade([{ raw: "four" }]).subarray(6)]);
}

async function* inPieces(bytes: Buffer, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const decoders: Readonly<Record<string, FrameDecoder>> = { "by Node": natively, "in JavaScript": await inJavaScript() };

describe.each(Object.entries(decoders))("%s", (_name, decode) => {
  test.each(Object.entries(whole))("%s", async (_, [packed, raw]) => {
    for (const size of [packed.length, 65_536, 1021]) {
      expect(Buffer.compare(await toBytes(unzstd(inPieces(packed, size), decode)), raw)).toBe(0);
    }
  });

  test.each(Object.entries(broken))("refuses %s", async (_, [packed, says]) => {
    for (const size of [packed.length, 7])
      await expect(toBytes(unzstd(inPieces(packed, size), decode))).rejects.toThrow(says);
  });

  test("may be cut at every byte", async () => {
    const packed = Buffer.concat([skippable("a"), frame("one\n", { checksum: true }), frame("two\n", { size: false })]);
    expect(Buffer.from(await toBytes(unzstd(inPieces(packed, 1), decode))).toString()).toBe("one\ntwo\n");
  });

  test("detects every place where a file may be torn, except between frames", async () => {
    const [one, two] = [frame("one\n", { checksum: true }), frame("two\n")];
    const packed = Buffer.concat([one, two]);
    for (let size = 1; size < packed.length; size++) {
      const unpacked = toBytes(unzstd(inPieces(packed.subarray(0, size), size), decode));
      if (size === one.length) expect(Buffer.from(await unpacked).toString()).toBe("one\n");
      else await expect(unpacked).rejects.toThrow(/ends in the middle/);
    }
  });

  test("closes the file when its reader stops early, and passes its errors on", async () => {
    let isClosed = false;
    async function* packed(): Bytes {
      try {
        yield* inPieces(Buffer.concat([frame(NOISE), frame(NOISE)]), 1000);
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of unzstd(packed(), decode)) if (chunk.length > 0) break;
    expect(isClosed).toBe(true);
    async function* failing(): Bytes {
      yield frame(NOISE).subarray(0, 1000);
      throw new Error("no more of it");
    }
    await expect(toBytes(unzstd(failing(), decode))).rejects.toThrow("no more of it");
  });

  test("checks checksums", async () => {
    const packed = frame(NOISE, { checksum: true });
    packed[packed.length - 1] = 255 - (packed.at(-1) ?? 0);
    await expect(toBytes(unzstd(inPieces(packed, 65_536), decode))).rejects.toThrow(/checksum/i);
  });
});

test("uses little memory, however much a few bytes unpack to", async () => {
  const bomb = handmade(Array.from({ length: 4000 }, () => ({ byte: 120, times: 128 * 1024 })));
  for (const decode of Object.values(decoders)) {
    let [size, largest] = [0, 0];
    for await (const chunk of unzstd(inPieces(bomb, 65_536), decode)) {
      size += chunk.length;
      largest = Math.max(largest, chunk.length);
    }
    expect(size).toBe(4000 * 128 * 1024);
    expect(largest).toBeLessThanOrEqual(1024 * 1024);
  }
});
