/** Manifests come back as they went in; anything else is CORRUPT. */
import { describe, expect, test } from "vitest";
import { encodeManifest } from "../../src/format/manifest-encode.js";
import { decodeManifest } from "../../src/format.js";
import { toBytes } from "../../src/index.js";
import { encode, longLines } from "../support.js";
import { write } from "./support.js";

const manifestOf = async (): Promise<Uint8Array> => {
  const { index } = await write(encode(longLines(1300)));
  const file = { ...index, name: "output", generation: "g" };
  return toBytes(
    encodeManifest({
      format: 1,
      id: "s",
      createdAt: 1,
      meta: { view: "agent" },
      files: [file, { ...file, name: "b" }],
    }),
  );
};

describe("the manifest", () => {
  test("comes back as it went in", async () => {
    const { index } = await write(encode(longLines(1300)));
    const decoded = decodeManifest(await manifestOf(), "m");
    expect(decoded.files[0]).toEqual({ ...index, name: "output", generation: "g" });
    expect(decoded).toMatchObject({ format: 1, id: "s", createdAt: 1, meta: { view: "agent" } });
    expect(decoded.files[1]?.segments).toEqual(index.segments);
  });

  test("anything but a manifest is CORRUPT", async () => {
    const good = JSON.parse(new TextDecoder().decode(await manifestOf()));
    const segments = good.files[0].segments;
    const bad: unknown[] = [
      null,
      1,
      [],
      {},
      ...[0, 3, "2", null].map((format) => ({ ...good, format })),
      { ...good, files: [{ ...good.files[0], framing: "zstd" }] },
      { ...good, files: [{ ...good.files[0], parts: [] }] },
      { ...good, id: 7 },
      { ...good, meta: null },
      { ...good, files: {} },
      { ...good, files: [null] },
      { ...good, createdAt: "now" },
      ...["name", "key", "generation", "rawBytes", "storedBytes", "crc32", "storedCrc32", "lines", "segments"].map(
        (key) => ({
          ...good,
          files: [{ ...good.files[0], [key]: undefined }],
        }),
      ),
      ...[
        [],
        segments.slice(1),
        [segments[1], segments[0]],
        [null],
        [[-1, 2, 3, 4, 5, 6]],
        [[10, 2 ** 53, 0, 1, 0, 0, null]],
      ].map((rows) => ({ ...good, files: [{ ...good.files[0], segments: rows }] })),
    ];
    for (const value of bad) {
      expect(() => decodeManifest(encode(JSON.stringify(value)), "m")).toThrow(
        expect.objectContaining({ code: "CORRUPT", key: "m" }),
      );
    }
    expect(() => decodeManifest(encode("["), "m")).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    expect(() => decodeManifest(encode("[".repeat(1_000_000)), "m")).toThrow(
      expect.objectContaining({ code: "CORRUPT" }),
    );
  });
});
