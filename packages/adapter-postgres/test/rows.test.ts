/** Drivers give the same column in several forms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blobKeyBytes } from "../src/keys.js";
import { bytesIn, countOf, nameIn, numberOf } from "../src/rows.js";
import { newStreamId } from "../src/stream-id.js";

describe("columns", () => {
  test("numbers as numbers, text and bigints", () => {
    for (const value of [12, "12", 12n]) expect(countOf({ value }, "value")).toBe(12);
    expect(numberOf({ value: "-Infinity" }, "value")).toBe(Number.NEGATIVE_INFINITY);
    for (const value of [null, undefined, "", "x", {}, Number.NaN, -1, 1.5, 2 ** 53]) {
      expect(() => countOf({ value }, "value")).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    }
  });

  test("bytes as Buffers, plain arrays and the hex text of the wire", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const hex = `\\x${Buffer.from(bytes).toString("hex")}`;
        for (const value of [bytes, Buffer.from(bytes), hex]) expect(bytesIn({ value }, "value")).toEqual(bytes);
      }),
    );
    expect(() => bytesIn({ value: 1 }, "value")).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    expect(() => nameIn({ value: Uint8Array.of(0xff) }, "value")).toThrow(expect.objectContaining({ code: "CORRUPT" }));
  });
});

test("two pairs of id and name never give the same key", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\0", "é", "\u{1f600}"), maxLength: 4 });
  fc.assert(
    fc.property(text, text, text, text, (id, name, otherId, otherName) => {
      const isSame = id === otherId && name === otherName;
      const [one, two] = [blobKeyBytes({ id, name }), blobKeyBytes({ id: otherId, name: otherName })];
      expect(Buffer.compare(one, two) === 0).toBe(isSame);
    }),
  );
});

test("stream ids are UUIDs of version 7, in the order of their milliseconds", () => {
  const before = Date.now();
  const ids = Array.from({ length: 1000 }, newStreamId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
  const time = Number.parseInt((ids[0] ?? "").replace("-", "").slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});
