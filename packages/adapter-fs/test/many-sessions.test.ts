/** Changes of many sessions at once, in one process and beside another one. */
import { type BlobRef, bytesOf, toBytes } from "@session-archiver/core";
import { finish } from "@session-archiver/test-kit/machine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openFs } from "../src/index.js";
import { start } from "./support/processes.js";
import { actual, replaceFs } from "./support/replace-fs.js";
import { temporary } from "./support/temporary.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("appends of many sessions wait for the disk at the same time, two flushes each", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const at: BlobRef[] = [];
  for (let n = 0; n < 20; n++) {
    const key = { id: `p/${n}`, name: "output" };
    at.push(await store.blobs.append(await store.blobs.create(key, "1", bytesOf()), text("one\n")));
  }
  // No flush ends before each session has one under way.
  const flushes: (() => void)[] = [];
  let most = 0;
  let count = 0;
  using _ = replaceFs({
    fdatasync(descriptor: number, done: (error: Error | null) => void) {
      count++;
      flushes.push(() => actual.fdatasync(descriptor, done));
      most = Math.max(most, flushes.length);
      if (flushes.length === at.length) for (const flush of flushes.splice(0)) flush();
    },
  });
  const longer = await Promise.all(at.map((each) => store.blobs.append(each, text("two\n"))));
  expect(most).toBe(20);
  expect(count).toBe(40);
  for (const each of longer) expect(await toBytes(store.blobs.read(each))).toEqual(text("one\ntwo\n"));
});

test("of appends at one place exactly one succeeds, also when they come at once with others'", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await using other = openFs(directory.path);
  const created = await Promise.all(
    ["a", "b"].map((id) => store.blobs.create({ id, name: "output" }, "1", bytesOf(text("one\n")))),
  );
  const appends = created.flatMap((at) =>
    [store, other, store, other].map((each) => each.blobs.append(at, text("x\n"))),
  );
  const results = await Promise.allSettled(appends);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  for (const { key } of created) expect(await store.blobs.stat(key)).toMatchObject({ size: 6 });
});

test("sessions of which one lies below the other come and go at once, and trouble each other nowhere", async () => {
  const ids = ["a", "a/b", "a/b/c", "a/b/c/d"];
  const step = fc.record({ which: fc.nat(ids.length - 1), what: fc.constantFrom("object", "blob") });
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const lanes = ids.map(async (id, lane) => {
        for (const { which, what } of steps) {
          if (which === lane) continue;
          if (what === "object") await store.objects.delete(id, await store.objects.put(id, {}, null));
          else await store.blobs.delete(await store.blobs.create({ id, name: "output" }, "1", bytesOf(text("x"))));
        }
      });
      await Promise.all(lanes);
      expect(await Array.fromAsync(store.objects.list())).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("another process gets its turn although this one changes sessions all the time", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  let done = false;
  const lanes = Array.from({ length: 8 }, async (_, n) => {
    let at = await store.blobs.create({ id: `s${n}`, name: "output" }, "1", bytesOf());
    while (!done) at = await store.blobs.append(at, text("line\n"));
  });
  const versions = await finish(start(directory.path, "count", 30));
  done = true;
  await Promise.all(lanes);
  expect(versions).toHaveLength(30);
  expect((await store.objects.get("counter"))?.meta).toEqual({ count: 30 });
});
