import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHashed, keyOf, nameOf, nameOfPrefix } from "../src/bucket/names.js";

/** Text of any characters, and some of the length at which names are cut. */
const text = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(".", "/", "=", "a", "s", "é", "\0"), minLength: 1, maxLength: 12 }),
  fc
    .tuple(fc.constantFrom("x", "語", "=", "é"), fc.integer({ min: 85, max: 1000 }), fc.string({ unit: "binary" }))
    .map(([unit, count, end]) => `${unit.repeat(count)}${end.slice(0, 20)}`),
);
const keys = text.filter((key) => key.length <= 1024 && key.isWellFormed());

describe("names of keys", () => {
  test("hold safe characters, no path, and fit with a prefix and a folder", () =>
    fc.assert(
      fc.asyncProperty(keys, async (key) => {
        const { name } = await nameOf(key);
        expect(name).toMatch(/^(?!\.)[A-Za-z0-9._=-]+$/);
        expect(name.length).toBeLessThanOrEqual(900);
      }),
    ));

  test("give the key back, or the hash that the key has", () =>
    fc.assert(
      fc.asyncProperty(keys, async (key) => {
        const { name, hash } = await nameOf(key);
        expect(keyOf(name)).toEqual(hash === undefined ? { key } : { hash });
        if (hash !== undefined) expect(await checkHashed(name, hash, key)).toBe(key);
      }),
    ));

  test("differ where keys do", () =>
    fc.assert(
      fc.asyncProperty(keys, keys, async (a, b) => {
        fc.pre(a !== b);
        expect((await nameOf(a)).name).not.toBe((await nameOf(b)).name);
      }),
    ));

  test("begin with the name of a prefix if, and, up to the cut, only if the key begins with the prefix", () =>
    fc.assert(
      fc.asyncProperty(keys, fc.nat(), fc.boolean(), keys, async (key, at, isOwn, other) => {
        // May end inside of a surrogate pair.
        const prefix = isOwn ? key.slice(0, at % (key.length + 1)) : other;
        const { name } = await nameOf(key);
        const start = nameOfPrefix(prefix);
        if (key.startsWith(prefix)) expect(name.startsWith(start)).toBe(true);
        else if (prefix.isWellFormed() && start.length < 780) expect(name.startsWith(start)).toBe(false);
      }),
    ));

  test.each(["a b", "a/b", "=2F", "=", "=zz", ".a", "=61", "=ff", "", "é", `x=s${"0".repeat(63)}`])(
    "of others (%j) are CORRUPT",
    (name) => {
      expect(() => keyOf(name)).toThrow(expect.objectContaining({ code: "CORRUPT", key: name }));
    },
  );

  test("a hash of another key is CORRUPT", async () => {
    const { name, hash = "" } = await nameOf("語".repeat(500));
    await expect(checkHashed(name, hash, "語".repeat(501))).rejects.toMatchObject({ code: "CORRUPT" });
  });
});
