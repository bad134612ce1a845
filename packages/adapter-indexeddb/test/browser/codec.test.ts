/** The codecs on Chromium's own streams; the same laws run in Node, in core's tests. */
import { fflateCodec, nativeCodec } from "@session-archiver/core";
import { expect, test } from "vitest";
import { testBombOf, testCodecs } from "../../../core/test/codec-laws.js";

testCodecs({ fflate: fflateCodec(), native: nativeCodec() });
testBombOf(nativeCodec());

test("Chromium's streams serve", async () => {
  const raw = new TextEncoder().encode('{"type":"user"}\n'.repeat(5000));
  expect(await nativeCodec().deflate(raw)).not.toEqual(await fflateCodec().deflate(raw));
});
