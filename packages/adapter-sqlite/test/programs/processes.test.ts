import { toBytes } from "@session-archiver/core";
import { all, inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { hashOf } from "../support/hash.js";
import { startChild } from "../support/processes.js";
import { count, databaseFile, newStore, openPath, rowsOf, tamper } from "../support/stores.js";

const rows = (file: string): number =>
  count(file, "SELECT (SELECT count(*) FROM sa_chunks) + (SELECT count(*) FROM sa_loose)");
/** Sets the last sign of life of all writers back by hours; if negative, ahead, as by a clock that is fast. */
const age = (file: string, hours = 1): void =>
  tamper(file, `UPDATE sa_loose SET seen_at = seen_at - ${hours * 3_600_000}`);

test("processes that open a new file at once and write to it together lose nothing", async () => {
  const file = databaseFile();
  const names = ["one", "two", "three"];
  const children = names.map((name) => startChild("work", file, name));
  expect(await Promise.all(children.map((child) => child.done()))).toEqual([0, 0, 0]);

  const { store, close } = await openPath(file);
  for (const name of names) {
    const ref = await store.blobs.stat({ id: name, name: "output" });
    const text = ref && new TextDecoder().decode(await toBytes(store.blobs.read(ref)));
    expect(text).toBe(Array.from({ length: 200 }, (_, line) => `${name} ${line}\n`).join(""));
  }
  let total = 0;
  for await (const { meta } of store.objects.list({ prefix: "shared-" })) total += Number(meta["n"]);
  expect(total).toBe(600);
  await close();
  expect(rowsOf(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

test("a lock held longer than the timeout is UNAVAILABLE, and the event loop runs on meanwhile", async () => {
  const { store, file } = await newStore(openPath, { busyTimeoutMs: 300 });
  const ref = await store.blobs.create({ id: "a", name: "output" }, "g", nothing());
  const child = startChild("lock", file);
  expect(await child.heard()).toBe("locked");
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const busy = { code: "UNAVAILABLE", message: /waited 300 ms/ };
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject(busy);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  await expect(store.blobs.append(ref, new Uint8Array(1))).rejects.toMatchObject(busy);
  expect(await store.blobs.stat(ref.key)).toEqual(ref);

  const waiting = store.blobs.append(ref, new Uint8Array(1));
  child.tell();
  expect((await waiting).size).toBe(1);
  expect(await store.objects.get("a")).toBeUndefined();
});

test.each([1, -1])("a create cut short by SIGKILL is never visible; what it left goes after %i h", async (hours) => {
  const { store, file } = await newStore();
  await store.blobs.create({ id: "other", name: "output" }, "g", inChunks(pattern(MIB), MIB));
  const settled = rows(file);
  const child = startChild("create", file, "killed");
  expect(await child.heard()).toBe("paused");
  await child.kill();
  expect(await store.blobs.stat({ id: "killed", name: "output" })).toBeUndefined();
  expect(await all(store.blobs.list("killed"))).toEqual([]);
  expect(rows(file)).toBeGreaterThan(settled);

  age(file, hours);
  await (await openPath(file)).close();
  expect(rows(file)).toBe(settled);
  const other = await store.blobs.stat({ id: "other", name: "output" });
  expect(other && (await toBytes(store.blobs.read(other)))).toEqual(pattern(MIB));
});

test("other stores that open, reclaim and close leave alone what a live process is writing", async () => {
  const { store, file } = await newStore();
  const child = startChild("create", file, "slow");
  expect(await child.heard()).toBe("paused");
  await (await openPath(file)).close();
  await store.reclaim();
  child.tell();
  expect(await child.heard()).toBe("created");
  const ref = await store.blobs.stat({ id: "slow", name: "output" });
  const expected = async function* () {
    for (let chunk = 0; chunk < 12; chunk++) yield pattern(MIB, chunk);
  };
  expect(ref && (await hashOf(store.blobs.read(ref)))).toBe(await hashOf(expected()));
});

test("a create that counts as dead fails alone, and its blob is never visible", async () => {
  const { store, file } = await newStore();
  const child = startChild("create", file, "suspended");
  expect(await child.heard()).toBe("paused");
  age(file);
  await store.reclaim();
  child.tell();
  expect(await child.heard()).toBe("UNAVAILABLE");
  expect(await child.done()).toBe(0);
  expect(await store.blobs.stat({ id: "suspended", name: "output" })).toBeUndefined();
  expect(rows(file)).toBe(0);
});

test("the next opening removes what an interrupted delete has left", async () => {
  const { store, file } = await newStore();
  const ref = await store.blobs.create({ id: "a", name: "output" }, "g", inChunks(pattern(40 * MIB), MIB));
  const deleting = store.blobs.delete(ref);
  // The blob is gone in the first transaction, its rows in later ones.
  while (await store.blobs.stat(ref.key));
  await store.close();
  await deleting;
  expect(rows(file)).toBeGreaterThan(0);
  await (await openPath(file)).close();
  expect(rows(file)).toBe(0);
});
