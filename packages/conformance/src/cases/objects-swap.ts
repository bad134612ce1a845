/** One object at a time: get, put, delete and their preconditions. */
import type { ObjectStore, StoredObject } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, rejects } from "../support/assert.js";
import { all, upTo } from "../support/data.js";

const test = about("Objects: compare-and-swap");

/** The object, which must be there. */
async function present(objects: ObjectStore, id: string): Promise<StoredObject> {
  const object = await objects.get(id);
  check(object !== undefined, `get("${id}"): the object must be there.`);
  return object;
}

async function absent(objects: ObjectStore, id: string): Promise<void> {
  equal(await objects.get(id), undefined, `get("${id}")`);
  const listed = await all(objects.list());
  check(!listed.some((object) => object.id === id), `list() gives "${id}", which must be absent.`);
}

/** A version that the object had earlier. */
async function stale(objects: ObjectStore, id: string): Promise<string> {
  const old = await objects.put(id, { n: 1 }, null);
  await objects.put(id, { n: 2 }, old);
  return old;
}

export const objectSwapCases: readonly Case[] = [
  test(["objects"], "get of an absent object gives undefined", async ({ objects }) => {
    await absent(objects, "a");
  }),

  test(["objects"], "put with null creates the object; get gives its id, version and metadata", async ({ objects }) => {
    const version = await objects.put("a", { view: "agent" }, null);
    check(typeof version === "string", "put must resolve with a version, a string.");
    equal(await objects.get("a"), { id: "a", version, meta: { view: "agent" } }, "get");
  }),

  test(["objects"], "put at the current version replaces the metadata as a whole", async ({ objects }) => {
    const first = await objects.put("a", { x: 1, y: { z: 1 } }, null);
    const second = await objects.put("a", { y: { w: 2 } }, first);
    equal(await objects.get("a"), { id: "a", version: second, meta: { y: { w: 2 } } }, "get after the second put");
  }),

  test(["objects"], "put leaves other objects as they are", async ({ objects }) => {
    const version = await objects.put("a", { n: 1 }, null);
    await objects.put("b", { n: 2 }, null);
    equal(await objects.get("a"), { id: "a", version, meta: { n: 1 } }, "the other object");
  }),

  test(["objects"], "put with null is CONFLICT if the object is there, and changes nothing", async ({ objects }) => {
    const version = await objects.put("a", { n: 1 }, null);
    await rejects("CONFLICT", "put with null", () => objects.put("a", { n: 2 }, null), { id: "a" });
    equal(await objects.get("a"), { id: "a", version, meta: { n: 1 } }, "the object");
  }),

  test(["objects"], "put at a stale version is CONFLICT, and changes nothing", async ({ objects }) => {
    const old = await stale(objects, "a");
    const before = await present(objects, "a");
    await rejects("CONFLICT", "put at a stale version", () => objects.put("a", { n: 3 }, old), { id: "a" });
    equal(await objects.get("a"), before, "the object");
  }),

  test(
    ["objects"],
    "put at a version is CONFLICT if the object is absent, and creates nothing",
    async ({ objects }) => {
      const other = await objects.put("b", {}, null);
      await rejects("CONFLICT", "put at a version", () => objects.put("a", { n: 1 }, other), { id: "a" });
      await absent(objects, "a");
    },
  ),

  test(["objects"], "every put gives another version, also with equal metadata", async ({ objects }) => {
    let version = await objects.put("a", { n: 1 }, null);
    const seen = [version];
    for (const _ of upTo(20)) {
      version = await objects.put("a", { n: 1 }, version);
      seen.push(version);
    }
    equal(new Set(seen).size, seen.length, "number of different versions");
    equal((await present(objects, "a")).version, version, "the version that get gives");
  }),

  test(["objects"], "delete at the current version removes the object and no other", async ({ objects }) => {
    const version = await objects.put("a", {}, null);
    for (const id of ["ab", "a/b", "A"]) await objects.put(id, {}, null);
    await objects.delete("a", version);
    await absent(objects, "a");
    for (const id of ["ab", "a/b", "A"]) await present(objects, id);
  }),

  test(["objects"], "delete at a stale version is CONFLICT, and deletes nothing", async ({ objects }) => {
    const old = await stale(objects, "a");
    const before = await present(objects, "a");
    await rejects("CONFLICT", "delete at a stale version", () => objects.delete("a", old), { id: "a" });
    equal(await objects.get("a"), before, "the object");
  }),

  test(["objects"], "delete of an absent object is CONFLICT", async ({ objects }) => {
    const version = await objects.put("a", {}, null);
    await objects.delete("a", version);
    await rejects("CONFLICT", "the second delete", () => objects.delete("a", version), { id: "a" });
    await rejects("CONFLICT", "delete of what never was", () => objects.delete("b", version), { id: "b" });
  }),

  test(["objects"], "a version never comes back, not even after delete and re-create", async ({ objects }) => {
    const seen: string[] = [];
    for (const _ of upTo(5)) {
      const first = await objects.put("a", { n: 1 }, null);
      const second = await objects.put("a", { n: 1 }, first);
      seen.push(first, second);
      await objects.delete("a", second);
    }
    const now = await objects.put("a", { n: 1 }, null);
    equal(new Set([...seen, now]).size, seen.length + 1, "number of different versions");
    for (const old of seen) {
      await rejects("CONFLICT", "put at a version of before", () => objects.put("a", { n: 2 }, old), { id: "a" });
      await rejects("CONFLICT", "delete at a version of before", () => objects.delete("a", old), { id: "a" });
    }
    equal(await objects.get("a"), { id: "a", version: now, meta: { n: 1 } }, "the object");
  }),
];
