/** Metadata belongs to the host: everything that JSON can hold comes back unchanged. */
import type { Json, Meta, ObjectStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal } from "../support/assert.js";
import { all, upTo } from "../support/data.js";

const test = about("Metadata");

/** Puts, and compares what get and list give. */
async function roundTrip(objects: ObjectStore, meta: Meta): Promise<void> {
  const version = await objects.put("a", meta, null);
  equal(await objects.get("a"), { id: "a", version, meta }, "get");
  equal(await all(objects.list()), [{ id: "a", version, meta }], "list");
}

/** Parsed, since a literal would set the prototype instead of a key. */
const OWN_PROTO = JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": [1]}}') as Meta;

/** A key set to `null` is the same as a missing one. */
function withoutNulls(meta: Meta | undefined): Meta {
  return Object.fromEntries(Object.entries(meta ?? {}).filter(([, value]) => value !== null));
}

export const metadataCases: readonly Case[] = [
  test(["objects"], "an empty object comes back", ({ objects }) => roundTrip(objects, {})),

  test(["objects"], "all kinds of values come back, nested too", ({ objects }) =>
    roundTrip(objects, {
      string: "",
      yes: true,
      no: false,
      list: [1, "two", [], [[null, false]], {}, { deep: [null] }],
      object: { null: null, empty: {}, nested: { nested: { nested: [] } } },
    }),
  ),

  test(["objects"], "numbers come back exactly", ({ objects }) =>
    roundTrip(objects, {
      numbers: [
        0,
        -1,
        0.1,
        1e21,
        1e-7,
        2 ** 31,
        2 ** 32,
        2 ** 53 - 1,
        -(2 ** 53 - 1),
        2 ** 63,
        5e-324,
        1.7976931348623157e308,
      ],
    }),
  ),

  test(["objects"], "all text comes back, as values and as keys", ({ objects }) => {
    const texts = [
      "é",
      "e\u0301",
      "語",
      "😀",
      "\0",
      "\u2028\u2029",
      '"\\',
      "\r\n",
      "\ud800",
      "\ufeff",
      "\uffff",
      "' --",
      "$1",
      "null",
    ];
    return roundTrip(objects, { texts, keys: Object.fromEntries(texts.map((text) => [text, text])) });
  }),

  test(["objects"], "keys that mean something elsewhere are keys like others", ({ objects }) =>
    roundTrip(objects, {
      "": 1,
      constructor: 2,
      toString: 3,
      id: 4,
      version: 5,
      meta: 6,
      "a.b": 7,
      "a[0]": 8,
      $set: 9,
      "session:x": 10,
    }),
  ),

  test(["objects"], "a key named __proto__ is a key like others", async ({ objects }) => {
    await roundTrip(objects, OWN_PROTO);
    check(!("polluted" in {}), "the metadata must not reach Object.prototype.");
  }),

  test(["objects"], "a key set to null equals a missing one; null inside a value stays", async ({ objects }) => {
    await objects.put("a", { gone: null, kept: { inside: null, list: [null] } }, null);
    const kept = { kept: { inside: null, list: [null] } };
    equal(withoutNulls((await objects.get("a"))?.meta), kept, "get");
  }),

  test(["objects"], "large metadata comes back", ({ objects }) =>
    roundTrip(objects, {
      long: "é😀x".repeat(100_000),
      many: Object.fromEntries(upTo(2000).map((n) => [`key ${n}`, { n, text: "x".repeat(50) }])),
      deep: upTo(100).reduce<Json>((inner) => ({ inner }), null),
    }),
  ),

  test(["objects"], "changing what get or list gave doesn't reach the store", async ({ objects }) => {
    await objects.put("a", { list: [1, { n: 1 }] }, null);
    const scribble = (object: { meta: Meta } | undefined): void => {
      const meta = object?.meta as { list: unknown[]; more?: true } | undefined;
      // A store may also return a frozen value.
      if (!meta || Object.isFrozen(meta)) return;
      meta.more = true;
      if (!Object.isFrozen(meta.list)) meta.list.push("changed");
    };
    scribble(await objects.get("a"));
    for await (const object of objects.list()) scribble(object);
    equal((await objects.get("a"))?.meta, { list: [1, { n: 1 }] }, "the metadata");
  }),

  test(["objects"], "changing what was put doesn't reach the store", async ({ objects }) => {
    const inner = { n: 1 };
    const meta = { list: [inner] };
    await objects.put("a", meta, null);
    inner.n = 2;
    meta.list.push(inner);
    equal((await objects.get("a"))?.meta, { list: [{ n: 1 }] }, "the metadata");
  }),
];
