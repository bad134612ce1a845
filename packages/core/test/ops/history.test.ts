/** The runs on record: what they did, newest first, each once. */
import { expect, test } from "vitest";
import type { PastRun } from "../../src/index.js";
import { DAY, makeSession, type World, world } from "../support.js";

async function historyOf({ archiver }: World): Promise<readonly PastRun[]> {
  const runs: PastRun[] = [];
  for await (const run of archiver.history()) runs.push(run);
  return runs;
}

test("a store without records has no history", async () => {
  expect(await historyOf(world())).toEqual([]);
});

test("each run is named with its time and its changes, the newest first", async () => {
  const w = world();
  for (const id of ["a", "b"]) {
    await makeSession(w, id, "1\n");
    await w.archiver.archive(id);
  }
  await w.archiver.pruneSession("a", { reason: "large" });
  w.now += DAY;
  await w.archiver.remove("b");
  const [removed, pruned, ...others] = await historyOf(w);
  expect(others).toEqual([]);
  expect(removed).toMatchObject({
    operation: "remove",
    at: w.now,
    count: 1,
    changes: [{ id: "b", change: "removed" }],
  });
  expect(pruned).toMatchObject({ operation: "prune", changes: [{ id: "a", change: "pruned", reason: "large" }] });
});

test("a run whose record was combined with others is there once", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  for (let n = 0; n < 90; n++) {
    w.now += 1;
    await w.archiver.pin("s", n % 2 === 0);
  }
  const runs = await historyOf(w);
  expect(runs).toHaveLength(90);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(90);
  expect(runs.map(({ at }) => at)).toEqual(runs.map(({ at }) => at).toSorted((a, b) => b - a));
});

test("records that can't be read are left out", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.pin("s", true);
  const { archives } = w.ports;
  const read = archives.read.bind(archives);
  archives.read = async function* (key, range, op) {
    if (key.includes("/runs/")) yield new TextEncoder().encode("{");
    else yield* read(key, range, op);
  };
  expect(await historyOf(w)).toEqual([]);
});
