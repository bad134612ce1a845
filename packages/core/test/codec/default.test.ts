/** The codec of an archiver that is given none: fflate, with Node's zlib to inflate where there is one. */
import { afterEach, expect, test, vi } from "vitest";
import { defaultCodec, fflateCodec } from "../../src/index.js";
import { ended, testCodecs } from "./codec-laws.js";

const raw = Buffer.from('{"type":"user"}\n'.repeat(5000));

testCodecs({ default: defaultCodec() }, ["default"], 0.1);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("deflates as fflate does, byte for byte", async () => {
  expect(await defaultCodec().deflate(raw)).toEqual(await fflateCodec().deflate(raw));
});

test("gives plain arrays of their own, whatever zlib gives", async () => {
  const inflated = await defaultCodec().inflate(ended(await defaultCodec().deflate(raw)), raw.length);
  expect(Object.getPrototypeOf(inflated)).toBe(Uint8Array.prototype);
});

test("is fflate by itself where there is no zlib", async () => {
  vi.resetModules();
  vi.stubGlobal("process", { getBuiltinModule: () => undefined });
  const { defaultCodec: without } = await import("../../src/codec/default.js");
  const codec = without();
  const deflated = ended(await codec.deflate(raw));
  expect(Buffer.from(await codec.inflate(deflated, raw.length)).equals(raw)).toBe(true);
  expect(() => codec.inflate(deflated, 5)).toThrow(expect.objectContaining({ code: "CORRUPT" }));
  expect(without).not.toBe(defaultCodec);
});
