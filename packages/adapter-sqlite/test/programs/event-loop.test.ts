import { inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { hashOf } from "../support/hash.js";
import { newStore, ways } from "../support/stores.js";

const LONG_MS = 50;

/** Processor time of this process, ms. Unlike a clock, it stands still while another process or the disk is busy. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The part of its processor time that `work` spends in turns of the event loop beyond their first 50 ms, which a collection of garbage may
 * take; near 1 if it never yields.
 */
async function blockedShare(work: () => Promise<unknown>): Promise<number> {
  const start = cpuMs();
  let last = start;
  let blocked = 0;
  let running = true;
  const turn = (): void => {
    const now = cpuMs();
    blocked += Math.max(0, now - last - LONG_MS);
    last = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  running = false;
  await new Promise(setImmediate);
  return blocked / (last - start);
}

describe.each(ways)("through %s the event loop goes on during", (_, open) => {
  test("a large create, its reading and its deletion", async () => {
    const { store } = await newStore(open);
    const bytes = pattern(96 * MIB);
    const key = { id: "a", name: "output" };
    expect(await blockedShare(() => store.blobs.create(key, "g", inChunks(bytes, 4 * MIB)))).toBeLessThan(0.3);
    const ref = { key, generation: "g", size: bytes.length };
    expect(await blockedShare(() => hashOf(store.blobs.read(ref)))).toBeLessThan(0.3);
    const away = async () => {
      await store.blobs.delete(ref);
      await store.reclaim();
    };
    expect(await blockedShare(away)).toBeLessThan(0.3);
  });

  test("many small calls, one after the other and all at once", async () => {
    const { store } = await newStore(open);
    const line = pattern(500);
    const append = async (id: string): Promise<void> => {
      let ref = await store.blobs.create({ id, name: "output" }, "g", nothing());
      for (let i = 0; i < 2000; i++) ref = await store.blobs.append(ref, line);
    };
    expect(await blockedShare(() => append("alone"))).toBeLessThan(0.3);
    const put = async (n: number): Promise<void> => {
      for (let i = 0; i < 50; i++) await store.objects.put(`o${n}-${i}`, {}, null);
    };
    const puts = () => Promise.all(Array.from({ length: 500 }, (_, n) => put(n)));
    expect(await blockedShare(puts)).toBeLessThan(0.3);
  });
});
