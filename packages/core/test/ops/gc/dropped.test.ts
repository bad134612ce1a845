/** What commits have given up goes after some minutes, not after a day. */
import { expect, test } from "vitest";
import { copyOf } from "../../catalogues.js";
import { IDLE, jsonl, keysOf, makeSession, readText, sinkBytes, type World, world } from "../../support.js";
import { append, manifestKey, partKeys } from "../parts/support.js";

const MINUTE = 60_000;
const ALL = { inactiveDays: 0 } as const;

async function resumedOnce(): Promise<World> {
  const w = world();
  await makeSession(w, "s", jsonl(50), IDLE);
  await w.archiver.sweep(ALL);
  await append(w, jsonl(1, 2));
  await w.archiver.sweep(ALL);
  return w;
}

const named = async (w: World): Promise<string[]> => [...(await partKeys(w)), await manifestKey(w)].toSorted();

test("the sweep after that deletes what this process has given up, and says so", async () => {
  const w = await resumedOnce();
  const before = await keysOf(w);
  expect(before).toHaveLength(4);
  w.now += 9 * MINUTE;
  expect(await w.archiver.sweep()).toMatchObject({ archiveBytesFreed: 0 });
  expect(await keysOf(w)).toEqual(before);
  w.now += MINUTE;
  const sizes = await sinkBytes(w);
  const { archiveBytesFreed } = await w.archiver.sweep();
  expect(await keysOf(w)).toEqual(await named(w));
  expect(archiveBytesFreed).toBe(sizes - (await sinkBytes(w)));
  const [run] = await Array.fromAsync(w.archiver.history());
  expect(run).toMatchObject({ operation: "sweep", changes: [{ id: "s", change: "collected" }] });
  expect(await readText(w, "s")).toBe(jsonl(50) + jsonl(1, 2));
  w.now += 60 * MINUTE;
  expect(await w.archiver.sweep()).toMatchObject({ archiveBytesFreed: 0 });
});

test("a sweep of another process deletes what was given up before, when the session goes on", async () => {
  const first = await resumedOnce();
  const w = world(first.ports);
  w.now = first.now + 11 * MINUTE;
  await append(w, jsonl(1, 3));
  const before = await named(w);
  await w.archiver.sweep(ALL);
  expect(await keysOf(w)).toEqual([...before, ...(await named(w))].toSorted());
});

test("gc takes it after minutes, too, and leaves what nothing explains for a day", async () => {
  const w = await resumedOnce();
  const stray = (await manifestKey(w)).replace(/\.[0-9a-f]{16}\.manifest-\d+\.json$/, ".00000000000000aa.json");
  await w.ports.archives.put(stray, w.shown.read(await manifestKey(w)));
  w.now += 9 * MINUTE;
  expect((await w.archiver.gc()).keys).toEqual([]);
  w.now += MINUTE + 1; // the second manifest of one millisecond is dated one later
  expect((await w.archiver.gc({ graceDays: 1 })).keys).toEqual([]);
  expect((await w.archiver.gc()).keys).toHaveLength(2);
  expect(await keysOf(w)).toEqual([...(await named(w)), stray].toSorted());
});

test("fifty rounds leave behind what the last ten minutes gave up, and at last nothing", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(4000), IDLE);
  await w.archiver.archive("s");
  const archive = await sinkBytes(w);
  const sizes: number[] = [];
  for (let round = 0; round < 50; round++) {
    w.now += MINUTE;
    await append(w, jsonl(1, round));
    await w.archiver.sweep(ALL);
    sizes.push(await sinkBytes(w));
  }
  expect(sizes[49]).toBeLessThan((sizes[15] ?? 0) * 1.2);
  w.now += 10 * MINUTE;
  await w.archiver.sweep();
  expect(await sinkBytes(w)).toBeLessThan(archive * 1.1);
});

test("a catalogue that was set back deletes nothing", async () => {
  const w = await resumedOnce();
  const old = await copyOf(w);
  w.now += 11 * MINUTE;
  await w.archiver.sweep();
  const left = await keysOf(w);
  old.now = w.now;
  await append(old, jsonl(1, 4));
  await old.archiver.sweep(ALL);
  old.now += 11 * MINUTE;
  expect(await old.archiver.sweep()).toMatchObject({ archiveBytesFreed: 0 });
  expect(await keysOf(w)).toEqual(expect.arrayContaining(left));
});

test("what a session still needs is never taken for given up", async () => {
  const w = await resumedOnce();
  w.now += 11 * MINUTE;
  const [first = ""] = await partKeys(w);
  await w.ports.archives.delete(first);
  const before = await keysOf(w);
  expect(await w.archiver.sweep()).toMatchObject({ archiveBytesFreed: 0 });
  expect(await keysOf(w)).toEqual(before);
});
