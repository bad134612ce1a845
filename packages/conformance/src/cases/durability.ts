/** After a restart, writes that resolved are there, and writes that did not are not. */
import { about, type Case } from "../case.js";
import { offering } from "../subject.js";
import { check, equal, equalBytes, rejects } from "../support/assert.js";
import { failing, pieces } from "../support/bodies.js";
import { BUCKETS, isAbsent } from "../support/bucket.js";
import { all, concat, LARGE, noise, text, toBytes, upTo } from "../support/data.js";

const test = about("Durability");

const interruptedCases: readonly Case[] = BUCKETS.flatMap(({ port, write, open }) => [
  test([port, "reopen"], `${write}: a body under way at the restart leaves nothing`, async (subject) => {
    const before = open(subject);
    const underWay = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const interrupted = before.write(
      "a",
      (async function* () {
        yield* pieces(noise(LARGE), 64_000);
        underWay.resolve();
        await held.promise;
        throw new Error("the process died");
      })(),
    );
    const outcome = interrupted.then(
      () => "resolved",
      () => "rejected",
    );
    await Promise.race([underWay.promise, outcome]);
    const after = open(await subject.reopen());
    check(await isAbsent(after, "a"), "the entry is visible although its body never ended.");
    await after.write("a", pieces(noise(5000, 2), 1000));
    held.resolve();
    equal(await outcome, "rejected", "the write that was interrupted");
    equalBytes(await toBytes(after.read("a")), noise(5000, 2), "what was written after the restart");
  }),

  test([port, "reopen"], `${write}: a body that threw before the restart leaves nothing`, async (subject) => {
    const before = open(subject);
    await before.write("a", failing(noise(LARGE), 64_000, new Error("source"))).catch(() => undefined);
    const after = open(await subject.reopen());
    equal(await all(after.names()), [], "list");
    await after.write("a", pieces(noise(100), 10));
    equalBytes(await toBytes(after.read("a")), noise(100), "what was written after the restart");
  }),
]);

export const durabilityCases: readonly Case[] = [
  test(["objects", "reopen"], "objects survive a restart as the last put left them", async (subject) => {
    const { objects } = subject;
    const expected = [];
    for (const n of upTo(20)) {
      const id = `object ${n}`;
      const first = await objects.put(id, { n, text: "é😀" }, null);
      const version = n % 2 === 0 ? first : await objects.put(id, { n: -n }, first);
      if (n % 5 === 0) await objects.delete(id, version);
      else expected.push({ id, version, meta: n % 2 === 0 ? { n, text: "é😀" } : { n: -n } });
    }
    const after = offering(await subject.reopen(), ["objects"]).objects;
    equal((await all(after.list())).length, expected.length, "number of objects");
    for (const object of expected) equal(await after.get(object.id), object, "get after the restart");
  }),

  test(["objects", "reopen"], "versions hold across a restart, and don't come back after one", async (subject) => {
    const { objects } = subject;
    const old = await objects.put("a", {}, null);
    const last = await objects.put("a", {}, old);
    await objects.delete("a", last);
    const kept = await objects.put("b", { n: 1 }, null);
    const after = offering(await subject.reopen(), ["objects"]).objects;
    const fresh = [await after.put("a", {}, null)];
    for (const _ of upTo(3)) fresh.push(await after.put("a", {}, fresh.at(-1) ?? null));
    for (const version of [old, last]) check(!fresh.includes(version), `version ${version} came back.`);
    await rejects("CONFLICT", "put at a version of before", () => after.put("a", {}, last));
    await after.put("b", { n: 2 }, kept);
    await rejects("CONFLICT", "the second put at it", () => after.put("b", { n: 3 }, kept));
  }),

  test(["blobs", "reopen"], "blobs survive a restart: created, appended to and deleted", async (subject) => {
    const { blobs } = subject;
    const key = { id: "s", name: "output" };
    const first = await blobs.create(key, "g", pieces(noise(LARGE), 1_000_000));
    let last = first;
    for (const n of upTo(10)) last = await blobs.append(last, noise(100, n + 2));
    const bytes = concat([noise(LARGE), ...upTo(10).map((n) => noise(100, n + 2))]);
    await blobs.delete(await blobs.create({ id: "s", name: "gone" }, "1", pieces(text("x"), 1)));
    const after = offering(await subject.reopen(), ["blobs"]).blobs;
    equal(await all(after.list("s")), [last], "list");
    equalBytes(await toBytes(after.read(last)), bytes, "the bytes");
    equalBytes(await toBytes(after.read(first)), noise(LARGE), "the bytes at an older ref");
    await rejects("CONFLICT", "append at an older ref", () => after.append(first, text("x")));
    const grown = await after.append(last, text("more"));
    equalBytes(await toBytes(after.read(grown)), concat([bytes, text("more")]), "the bytes after an append");
  }),

  test(["archives", "reopen"], "archives survive a restart: put and deleted", async (subject) => {
    const { archives } = subject;
    const kept = await archives.put("kept", pieces(noise(LARGE), 1_000_000));
    const empty = await archives.put("empty", pieces(noise(0), 1));
    await archives.put("gone", pieces(text("x"), 1));
    await archives.delete("gone");
    const after = offering(await subject.reopen(), ["archives"]).archives;
    equal(
      (await all(after.list())).toSorted((a, b) => b.size - a.size),
      [kept, empty],
      "list",
    );
    equal(await after.stat("kept"), kept, "stat");
    equalBytes(await toBytes(after.read("kept")), noise(LARGE), "the bytes");
    await rejects("CONFLICT", "a second put", () => after.put("kept", pieces(text("x"), 1)));
  }),

  ...interruptedCases,
];
