/** What an archiver is made of: options that can't be meant are refused, and an opened store is taken as it is. */
import { describe, expect, test } from "vitest";
import { type Archiver, type ArchiverOptions, createArchiver, fflateCodec, memoryPorts } from "../src/index.js";
import { countingCodec } from "./codecs.js";

describe("createArchiver", () => {
  const create = (options: object): Archiver => createArchiver({ ...memoryPorts(), ...options } as ArchiverOptions);

  test.each([
    ["an uncalled codec", { codec: fflateCodec }, "codec must be a codec, as zlibCodec() makes it, is a function"],
    ["a codec that can't inflate", { codec: { deflate: fflateCodec().deflate, concurrency: 1 } }, "codec must be"],
    ["a codec without concurrency", { codec: { ...fflateCodec(), concurrency: undefined } }, "codec must be"],
    ["null for a codec", { codec: null }, "is null"],
    ["an unknown option", { maxTotalBytes: 5 }, 'no option "maxTotalBytes": it takes objects, blobs, archives, codec'],
    ["a listener of a wrong name", { onEvents: () => {} }, 'no option "onEvents"'],
    ["a clock that is a time", { now: 5 }, "now must be a function, is 5"],
    ["a listener that can't be called", { onEvent: {} }, "onEvent must be a function, is an object"],
    ["a policy that is not an object", { policy: 7 }, "policy must be an object, is 7"],
    ["no port", { blobs: undefined }, "the port blobs must be an object, is undefined"],
  ])("refuses %s", (_, options, message) => {
    expect(() => create(options)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) }),
    );
  });

  test("refuses to be called without options", () => {
    for (const given of [undefined, null, 5]) {
      expect(() => createArchiver(given as unknown as ArchiverOptions)).toThrow(
        expect.objectContaining({ code: "INVALID_ARGUMENT" }),
      );
    }
  });

  test("takes an opened store as it is, with its own methods", () => {
    const own = { close: async () => {}, reclaim: async () => 0, path: "/tmp/store", paths: ["/tmp/store"] };
    expect(() => create({ ...own, [Symbol.asyncDispose]() {} })).not.toThrow();
  });

  test("compresses with the codec that the store brings", async () => {
    const counting = countingCodec();
    const store = { ...memoryPorts(), codec: counting.codec, close: async () => {} };
    const archiver = createArchiver(store);
    await archiver.recorder("s", { create: {} }).append("a\n");
    await archiver.archive("s");
    expect(counting.deflated).toBe(1);
  });
});
