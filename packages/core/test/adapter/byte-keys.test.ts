/** Keys as bytes: every key with a prefix lies in the prefix's range, and pages list each key of a range once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeKey, encodeKey, type KeyRange, prefixRange } from "../../src/adapter/byte-keys.js";
import { keyPages } from "../../src/adapter/key-pages.js";

const names = fc.string({
  unit: fc.constantFrom("a", "b", "\u00ff", "\u{10ffff}", "\u{1f600}", "\uffff"),
  minLength: 1,
  maxLength: 6,
});

function inRange(key: Uint8Array, { from, to }: KeyRange): boolean {
  return Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0;
}

test("a key comes back as it was", () => {
  fc.assert(
    fc.property(names, (name) => {
      expect(decodeKey(encodeKey(name))).toBe(name);
    }),
  );
  expect(decodeKey(encodeKey("\ufeffa\0b"))).toBe("\ufeffa\0b");
});

test("a key that is not UTF-8 is CORRUPT", () => {
  expect(() => decodeKey(Uint8Array.of(0x61, 0xff))).toThrow(expect.objectContaining({ code: "CORRUPT" }));
});

test("every key with a prefix lies in the prefix's range, also where it ends inside a surrogate pair", () => {
  fc.assert(
    fc.property(names, fc.nat(8), (name, length) => {
      expect(inRange(encodeKey(name), prefixRange(name.slice(0, length)))).toBe(true);
    }),
  );
});

test("a range of a whole prefix holds no key without it", () => {
  fc.assert(
    fc.property(names, names, (name, prefix) => {
      expect(inRange(encodeKey(name), prefixRange(prefix))).toBe(name.startsWith(prefix));
    }),
  );
});

test("pages list each key of the range once, in order, whatever their size", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(names, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), async (all, size) => {
      const keys = all.map(encodeKey).sort(Buffer.compare);
      const read = async (range: KeyRange) => keys.filter((key) => inRange(key, range)).slice(0, size);
      const listed: Uint8Array[] = [];
      for await (const page of keyPages(prefixRange(""), size, (key) => key, read)) listed.push(...page);
      expect(listed).toEqual(keys);
    }),
  );
});
