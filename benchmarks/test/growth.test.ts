/** What a store costs as it fills: counts at two sizes, not times, so that they are the same on every machine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFs } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver, memoryPorts } from "@session-archiver/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Costs, costsOf } from "../src/growth/costs.js";
import { portCounter } from "../src/growth/counted-ports.js";
import { growStore, type StoreToGrow } from "../src/growth/grow-store.js";
import { breaks, exponent, type Measure } from "../src/growth/laws.js";
import { growByLines } from "../src/growth/rounds.js";
import { lawFrom, steps } from "../src/growth/steps.js";

const codec = zlibCodec();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "session-archiver-growth-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Grown = Readonly<Record<string, Costs>>;

const STORES: Readonly<Record<string, { sizes: readonly [number, number]; grow(sessions: number): Promise<Grown> }>> = {
  memory: {
    sizes: [100, 1000],
    grow: (sessions) => growStore({ ports: memoryPorts(), empty: async () => memoryPorts(), codec }, sessions),
  },
  SQLite: {
    sizes: [100, 1000],
    async grow(sessions) {
      const open = (name: string) => openSqlite(join(folder, `${name}-${sessions}.db`), { synchronous: "normal" });
      await using ports = await open("store");
      await using other = await open("rebuilt");
      const store: StoreToGrow = { ports, empty: async () => other, codec };
      return await growStore(store, sessions);
    },
  },
  "plain files": {
    sizes: [20, 100],
    async grow(sessions) {
      await using ports = await openFs(join(folder, `fs-${sessions}`));
      await using other = await openFs(join(folder, `rebuilt-${sessions}`));
      return await growStore({ ports, empty: async () => other, codec }, sessions);
    },
  },
};
/** Not the processor time: it is not the same on every machine. */
const MEASURES: readonly Measure[] = ["calls", "items", "given", "taken", "written"];

describe.each(Object.entries(STORES))("in %s", (_, { sizes: [few, many], grow }) => {
  let small: Grown = {};
  let large: Grown = {};
  beforeAll(async () => {
    small = await grow(few);
    large = await grow(many);
  });

  test.each(steps().map((step) => [step.name, lawFrom(step, few)] as const))("%s: %s", (name, law) => {
    const [before, after] = [small[name], large[name]];
    if (!before || !after) throw new Error(`Nothing was measured of "${name}".`);
    expect(after.calls).toBeGreaterThan(0);
    for (const measure of MEASURES) {
      const isBroken = breaks(
        law,
        measure,
        { sessions: few, cost: before[measure] },
        { sessions: many, cost: after[measure] },
      );
      expect(isBroken, `${measure}: ${before[measure]}, then ${after[measure]}`).toBe(false);
    }
  });
});

test("each of 50 rounds of one line costs as much whatever the session holds, and so does reading that line", async () => {
  const grow = async (bytes: number) => {
    const { counted, counts } = portCounter();
    const { objects, blobs, archives } = memoryPorts();
    const ports = { objects: counted(objects), blobs: counted(blobs), archives: counted(archives) };
    return await growByLines(createArchiver({ ...ports, codec }), counts, { rounds: 50, bytes });
  };
  const [small, large] = [await grow(1e6), await grow(8e6)];
  for (const [i, { growing, lastLine }] of large.entries()) {
    const { growing: before } = small[i] ?? { growing };
    expect(growing.calls).toBeLessThanOrEqual(30);
    // The last segments are made anew while they are small.
    expect(growing.taken).toBeLessThan(128 * 1024);
    expect(growing.taken).toBeLessThan(before.taken * 1.5);
    expect(lastLine.calls).toBeLessThanOrEqual(5);
    if (i > 0) expect(lastLine.given).toBeLessThan(64 * 1024);
  }
});

test("a quadratic cost breaks the law of linear ones, and a linear cost the law of those that stay", async () => {
  const listing = async (sessions: number, lists: number): Promise<Costs> => {
    const { counted, counts } = portCounter();
    const ports = memoryPorts();
    const objects = counted(ports.objects);
    for (let i = 0; i < sessions; i++) await objects.put(`s${i}`, { view: "agent" }, null);
    return await costsOf(counts, async () => {
      for (let i = 0; i < lists; i++) await Array.fromAsync(objects.list());
    });
  };
  const growth = async (lists: (sessions: number) => number, measure: Measure): Promise<number> => {
    const [few, many] = [await listing(10, lists(10)), await listing(100, lists(100))];
    return exponent(few[measure] ?? 0, many[measure] ?? 0, 10, 100);
  };
  expect(await growth((sessions) => sessions, "items")).toBeCloseTo(2);
  expect(await growth(() => 1, "items")).toBeCloseTo(1);
  expect(await growth(() => 1, "calls")).toBe(0);
});
