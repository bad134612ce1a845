/** Unpacks every gzip member, to the last byte of the file. */
import { gzipSync } from "node:zlib";
import { type Bytes, toBytes } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { gunzip } from "../../src/import/unpack/gunzip.js";

const LINES = Array.from({ length: 50_000 }, (_, i) => `{"n":${i}}\n`).join("");
const ONE = gzipSync(LINES);
const TWO = gzipSync("two\n");

async function* inPieces(bytes: Buffer, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(packed: Buffer, size: number): Promise<string> {
  return Buffer.from(await toBytes(gunzip(inPieces(packed, size), packed.length))).toString();
}

function damaged(member: Buffer, fromEnd: number): Buffer {
  const bytes = Buffer.from(member);
  bytes[bytes.length - fromEnd] = 255 - (bytes.at(-fromEnd) ?? 0);
  return bytes;
}

describe.each([1021, 65_536, ONE.length, 10_000_000])("in pieces of %i bytes", (size) => {
  test.each([
    ["one member", ONE, LINES],
    ["several", Buffer.concat([ONE, TWO, gzipSync(""), TWO]), `${LINES}two\ntwo\n`],
    ["an empty one", gzipSync(""), ""],
  ])("unpacks all of %s", async (_, packed, raw) => expect(await unpack(packed, size)).toBe(raw));

  test.each([
    ["no gzip", Buffer.from("no gzip at all"), /header/],
    ["bytes behind the last member", Buffer.concat([ONE, Buffer.from("garbage")]), /header/],
    ["zero bytes behind it", Buffer.concat([ONE, Buffer.alloc(3)]), /^has 3 bytes after its end$/],
    ["a member behind zero bytes", Buffer.concat([TWO, Buffer.alloc(1), TWO]), /bytes after its end$/],
    ["what begins like a member behind it", Buffer.concat([ONE, TWO.subarray(0, 2)]), /unexpected end/],
    ["a torn member", Buffer.concat([TWO, ONE.subarray(0, -1000)]), /unexpected end/],
    ["a torn trailer", Buffer.concat([TWO, ONE.subarray(0, -1)]), /unexpected end/],
    ["a wrong checksum", Buffer.concat([ONE, damaged(TWO, 8)]), /data check/],
    ["a wrong length", Buffer.concat([ONE, damaged(TWO, 4)]), /length check/],
  ])("refuses %s", async (_, packed, says) => {
    await expect(unpack(packed, size)).rejects.toThrow(says);
  });
});

test("closes the file when its reader stops early, and passes its errors on", async () => {
  let isClosed = false;
  async function* packed(): Bytes {
    try {
      yield* inPieces(Buffer.concat([ONE, ONE]), 100);
    } finally {
      isClosed = true;
    }
  }
  for await (const chunk of gunzip(packed(), 2 * ONE.length)) if (chunk.length > 0) break;
  expect(isClosed).toBe(true);
  async function* failing(): Bytes {
    yield ONE.subarray(0, 1000);
    throw new Error("no more of it");
  }
  await expect(toBytes(gunzip(failing(), ONE.length))).rejects.toThrow("no more of it");
});
