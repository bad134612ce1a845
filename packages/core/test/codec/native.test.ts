/** The codec on the platform's streams, and what it falls back to. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { fflateCodec, nativeCodec } from "../../src/index.js";
import { ended, testCodecs } from "./codec-laws.js";

function onlyGzip(format: string): never {
  throw new TypeError(`${format} is not supported.`);
}

const RealCompressionStream = CompressionStream;

function gzipInstead(): CompressionStream {
  return new RealCompressionStream("gzip");
}

testCodecs({ native: nativeCodec() }, [], 0.1);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("without streams that serve", () => {
  const raw = Buffer.from('{"type":"user"}\n'.repeat(5000));
  const byFflate = fflateCodec().deflate(raw);

  test.each([
    ["there are none", undefined],
    ["they don't know the format", onlyGzip],
  ])("is fflate: %s", async (_, streams) => {
    vi.stubGlobal("CompressionStream", streams);
    vi.stubGlobal("DecompressionStream", streams);
    expect(await nativeCodec().deflate(raw)).toEqual(byFflate);
    expect(Buffer.from(await nativeCodec().inflate(ended(await byFflate), raw.length)).equals(raw)).toBe(true);
  });

  test("is fflate where a stream writes what isn't understood", async () => {
    vi.stubGlobal("CompressionStream", gzipInstead);
    expect(await nativeCodec().deflate(raw)).toEqual(byFflate);
  });

  test("is itself where they do serve", async () => {
    expect(await nativeCodec().deflate(raw)).not.toEqual(byFflate);
  });
});
