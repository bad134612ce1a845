/** What lists show of a session says the same as its whole metadata, in few bytes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { comparePlaces, encodeKey, encodeListing, KEY, listingOf } from "../../src/adapter.js";
import type { Meta } from "../../src/index.js";
import { listedSession } from "../../src/ops/listed-session.js";
import { decodeListing } from "../../src/session/listing.js";
import { DEFAULT_POLICY } from "../../src/session/policy.js";
import { knownSizes } from "../../src/session/session-sizes.js";
import { metadata } from "../metadata.js";

const ctx = { policy: DEFAULT_POLICY } as Parameters<typeof listedSession>[0];

/** Without the facts' `state`, which is left out on purpose. */
function shown(meta: Meta): unknown {
  const sizes = knownSizes(meta);
  const { facts, ...session } = listedSession(
    ctx,
    { id: "s", meta },
    sizes ?? { state: "live", rawBytes: 0, liveBytes: 0 },
  );
  const { state: _, ...values } = facts?.values ?? {};
  const { by, version, bytes } = facts ?? {};
  return { sizes, ...session, facts: facts && { by, version, bytes, values } };
}

test("it says what the whole metadata says, whatever that holds", () => {
  fc.assert(
    fc.property(
      metadata,
      fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("s1", "12", "$&", '"', "\\", "\u0001", "[1,")),
      (meta, id) => {
        const stored: Meta = JSON.parse(JSON.stringify(meta));
        expect(shown(listingOf(stored))).toEqual(shown(stored));
        const text = encodeListing(id, stored);
        expect(text === null ? null : decodeListing(id, text)).toEqual(text === null ? null : listingOf(stored));
        expect(listingOf(listingOf(stored))).toEqual(listingOf(stored));
      },
    ),
    { numRuns: 2000 },
  );
});

test("what no list shows is not in it, however long", () => {
  const facts = { by: "x", version: 1, values: { title: "T", state: { steps: "x".repeat(10_000) } } };
  const meta = { [KEY.facts]: facts, host: "x".repeat(10_000), [KEY.members]: { a: { path: "x".repeat(10_000) } } };
  expect(encodeListing("s1", meta)?.length).toBeLessThan(100);
  expect(listingOf(meta)).toEqual({ [KEY.facts]: { by: "x", version: 1, values: { title: "T" } } });
});

test("a list keeps no text of more than 4,096 units", () => {
  const metaOf = (length: number) => ({ [KEY.archiveKey]: "k".repeat(length) });
  const most = 4096 - (encodeListing("s1", metaOf(0))?.length ?? 0);
  expect(encodeListing("s1", metaOf(most))?.length).toBe(4096);
  expect(encodeListing("s1", metaOf(most + 1))).toBe(null);
});

test.each(["", "{", "7", "null", "{}", "[]", "[2,5]", '["1",5]', undefined, 7, null, [1]])(
  "%j is no listing",
  (text) => {
    expect(decodeListing("s1", text)).toBeUndefined();
  },
);

test("places are in the order of time, then of the ids' bytes", () => {
  const place = fc.record({
    lastActivityMs: fc.option(fc.constantFrom(1, 2, 2.5, 1.8e18)),
    id: fc.string({
      unit: fc.constantFrom("a", "B", "\0", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10ffff}"),
      minLength: 1,
      maxLength: 4,
    }),
  });
  const sign = (a: number): number => Math.sign(a);
  fc.assert(
    fc.property(place, place, (a, b) => {
      const byTime = (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0);
      const byId = Buffer.compare(encodeKey(a.id), encodeKey(b.id));
      expect(sign(comparePlaces(a, b))).toBe(sign(byTime) || byId);
    }),
    { numRuns: 1000 },
  );
});

test("the id is kept once, however often the metadata repeats it", () => {
  const id = "claude-code:0b2c1f3e-0000-4000-8000-000000000001";
  const meta = {
    [KEY.archiveKey]: `0/${id}.gz`,
    [KEY.facts]: { by: "x", version: 1, values: { id, title: `of ${id}` } },
  };
  const text = encodeListing(id, meta);
  expect(text).not.toContain(id);
  expect(decodeListing(id, text)).toEqual(listingOf(meta));
});
