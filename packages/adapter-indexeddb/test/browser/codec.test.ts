/** The codecs on Chromium's own streams; the same laws run in Node, in core's tests. */
import { createArchiver, fflateCodec, nativeCodec } from "@session-archiver/core";
import { expect, test } from "vitest";
import { testBombOf, testCodecs } from "../../../core/test/codec/codec-laws.js";
import { newStore } from "./support/stores.js";

testCodecs({ fflate: fflateCodec(), native: nativeCodec() });
testBombOf(nativeCodec());

test("Chromium's streams serve", async () => {
  const raw = new TextEncoder().encode('{"type":"user"}\n'.repeat(5000));
  expect(await nativeCodec().deflate(raw)).not.toEqual(await fflateCodec().deflate(raw));
});

test("a store brings the native one, and createArchiver(store) compresses with it", async () => {
  const bytesWith = async (codec?: typeof fflateCodec): Promise<number> => {
    const { store } = await newStore();
    const archiver = createArchiver(codec ? { ...store, codec: codec() } : store);
    const recorder = archiver.recorder("s", { create: {} });
    await recorder.append('{"type":"user"}\n'.repeat(5000));
    await recorder.close();
    return (await archiver.archive("s")).archiveBytes;
  };
  const native = await bytesWith(nativeCodec);
  expect(native).not.toBe(await bytesWith(fflateCodec));
  expect(await bytesWith()).toBe(native);
});
