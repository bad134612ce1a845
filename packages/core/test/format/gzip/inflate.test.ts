/** Inflating the blocks of one segment. */
import { expect, test } from "vitest";
import { inflateBlocks } from "../../../src/format/gzip/inflate.js";
import { fflateCodec } from "../../../src/index.js";
import { encode } from "../../support.js";

const codec = fflateCodec();

test("a segment that ends the deflate stream early is found out", async () => {
  const blocks = await codec.deflate(encode("{}\n"));
  const raw = (stream: Uint8Array) => inflateBlocks(codec, stream, 1000);
  expect(await raw(blocks)).toEqual(encode("{}\n"));
  await expect(raw(Buffer.concat([blocks, Uint8Array.of(3, 0)]))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(raw(new Uint8Array())).resolves.toEqual(new Uint8Array());
});
