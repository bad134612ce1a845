/** What is held aside goes only if the policy lets it go; what has changed is put back whatever the policy says. */
import { appendFile, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { originalsIn } from "../../src/read-originals.js";
import { planFolders } from "../../src/sweep/plan.js";
import { onlySessions } from "../../src/sweep/plan-figures.js";
import type { FolderPolicy } from "../../src/sweep/policy.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { DAY_MS, lines, put, type World, world } from "../support/world.js";

/** Two sessions in two projects, whose files are held aside and whose time has come. */
async function held(): Promise<World> {
  const w = await world("memory");
  w.writers = "unknown";
  await put(w, "p/a.jsonl", lines(50));
  await put(w, "q/b.jsonl", lines(50));
  expect((await w.sweep()).done.map(({ outcome }) => outcome)).toEqual(["held", "held"]);
  w.now += 2 * DAY_MS;
  return w;
}

async function partsIn(w: World): Promise<readonly string[]> {
  const parts: string[] = [];
  for await (const { path } of w.host.rule.heldParts(w.host.files, w.root, {})) parts.push(path);
  return parts.sort();
}

const says = async (w: World, policy: Partial<FolderPolicy> = {}) =>
  (await w.plan(policy)).held.map(({ path, due, reason, why }) => [path, due, reason, why]);

const A = "p/a.jsonl";
const B = "q/b.jsonl";
const DUE = [true, undefined, undefined];

describe("what is held and due", () => {
  test("goes without a word against it, and the plan counts its bytes", async () => {
    const w = await held();
    const plan = await w.plan();
    expect(plan.held.map(({ due, why }) => [due, why])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    expect(plan.freesDiskBytes).toBe(plan.held.reduce((sum, { diskBytes }) => sum + diskBytes, 0));
    expect(plan.freesDiskBytes).toBeGreaterThan(0);
    expect((await sweepFolders(w.host, plan)).freedDiskBytes).toBeGreaterThanOrEqual(plan.freesDiskBytes);
    expect(await partsIn(w)).toEqual([]);
  });

  test.each<[string, Partial<FolderPolicy>, string, string, readonly string[]]>([
    ["with keepOriginals", { keepOriginals: true }, "keeps", "originals are to stay", [A, B]],
    ["if it is excluded", { exclude: [{ project: "p" }] }, "filtered", "the filters leave it out", [A]],
    ["if it is not included", { include: [{ project: "q" }] }, "filtered", "the filters leave it out", [A]],
    ["if it is too large", { exclude: [{ project: "p", minBytes: 1 }] }, "filtered", "the filters leave it out", [A]],
  ])("stays %s, also where nobody can write to it", async (_when, policy, reason, why, staying) => {
    const w = await held();
    expect(await says(w, policy)).toEqual(
      [A, B].map((path) => (staying.includes(path) ? [path, false, reason, why] : [path, ...DUE])),
    );
    const plan = await w.plan(policy);
    const due = plan.held.filter(({ path }) => !staying.includes(path));
    expect(plan.freesDiskBytes).toBe(due.reduce((sum, { diskBytes }) => sum + diskBytes, 0));
    w.writers = "nobody";
    const { finished, failures, heldDiskBytes } = await w.sweep(policy);
    expect(failures).toEqual([]);
    expect(finished.filter(({ step }) => staying.includes(step.path)).map((one) => [one.outcome, one.why])).toEqual(
      staying.map(() => ["held", why]),
    );
    expect(heldDiskBytes).toBeGreaterThan(0);
    expect(await partsIn(w)).toEqual(staying);
    await w.sweep();
    expect(await partsIn(w)).toEqual([]);
  });

  test("stays if it is pinned, also since the plan, and also if it is named", async () => {
    const w = await held();
    const plan = await w.plan();
    await w.archiver.pin("toy:a", true);
    await sweepFolders(w.host, plan);
    expect(await partsIn(w)).toEqual([A]);
    expect(await says(w, { free: ["toy:a"] })).toEqual([[A, false, "pinned", "it is pinned"]]);
    await w.sweep({ free: ["toy:a"] });
    expect(await partsIn(w)).toEqual([A]);
  });

  test("goes if it is named, whatever the filters and keepOriginals say", async () => {
    const w = await held();
    const policy = { free: ["toy:a"], exclude: [{ agent: "toy" }], keepOriginals: true };
    expect(await says(w, policy)).toEqual([
      [A, ...DUE],
      [B, false, "filtered", "the filters leave it out"],
    ]);
    await w.sweep(policy);
    expect(await partsIn(w)).toEqual([B]);
    expect(originalsIn((await w.archiver.info("toy:a")).meta)?.state).toBe("freed");
  });

  test("stays in a place where nothing is freed", async () => {
    const w = await held();
    const host = { ...w.host, mayFree: async () => "it lies on a network file system" };
    const plan = await planFolders(host, [w.place]);
    expect(plan.held.map(({ due, why }) => [due, why])).toEqual(
      [A, B].map(() => [false, "it lies on a network file system"]),
    );
    await sweepFolders(host, plan);
    expect(await partsIn(w)).toEqual([A, B]);
  });
});

test("before its time, or without a session, it is not due", async () => {
  const w = await held();
  w.now -= 1.5 * DAY_MS;
  await w.archiver.remove("toy:b");
  expect(await says(w)).toEqual([
    [A, false, undefined, "it was not aside for 24 hours yet"],
    [B, false, undefined, "no session of this store has such a file"],
  ]);
});

describe("with keepOriginals", () => {
  const policy = { keepOriginals: true };

  test("a part that has changed is put back", async () => {
    const w = await held();
    for await (const { path, location } of w.host.rule.heldParts(w.host.files, w.root, {})) {
      if (path === A) await appendFile(location, lines(1, 50));
    }
    const { finished, failures } = await w.sweep(policy);
    expect(failures).toEqual([]);
    expect(finished.map(({ step, outcome }) => [step.path, outcome]).sort()).toEqual([
      [A, "back"],
      [B, "held"],
    ]);
    expect(await readFile(join(w.root, A), "utf8")).toBe(lines(51));
  });

  test("a claim that was cut short is settled: nothing is torn apart", async () => {
    const w = await world("memory");
    w.writers = "unknown";
    await put(w, A, lines(50));
    await put(w, "p/a/r.txt", "a result");
    await w.sweep();
    // As if the run had died after the first of two files.
    for await (const { path, location } of w.host.rule.heldParts(w.host.files, w.root, {})) {
      if (path === A) await rename(location, join(w.root, A));
    }
    const { failures } = await w.sweep(policy);
    expect(failures).toEqual([]);
    expect(await partsIn(w)).toEqual([]);
    expect(await readFile(join(w.root, "p/a/r.txt"), "utf8")).toBe("a result");
    expect(originalsIn((await w.archiver.info("toy:a")).meta)?.state).toBe("kept");
  });
});

test("a plan is narrowed to some sessions: steps, what is held, and what was cut short", async () => {
  const w = await held();
  for (const id of ["c", "d"]) await put(w, `p/${id}.jsonl`, lines(id === "c" ? 100 : 10), 20);
  const plan = await w.plan();
  const only = onlySessions(plan, ["toy:b", "toy:c", "toy:nobody"]);
  expect(only.steps.map(({ sessionId }) => sessionId)).toEqual(["toy:c"]);
  expect(only.held.map(({ sessionId }) => sessionId)).toEqual(["toy:b"]);
  expect(only.unsettled.map(({ sessionId }) => sessionId)).toEqual(["toy:b"]);
  const [step] = only.steps;
  const [part] = only.held;
  expect(only.freesDiskBytes).toBe((step?.diskBytes ?? 0) + (part?.diskBytes ?? 0));
  expect(only.archiveBytesEstimate / plan.archiveBytesEstimate).toBeCloseTo(10 / 11, 1);
  await sweepFolders(w.host, only);
  expect(await partsIn(w)).toEqual([A, "p/c.jsonl"]);
  expect(await readdir(join(w.root, "p"))).toEqual(["d.jsonl"]);
});

test("nothing of a live session goes, however long it is aside; what has grown is put back", async () => {
  const w = await held();
  w.agent.running.add("a");
  expect((await w.sweep()).finished.map(({ outcome, why }) => [outcome, why])).toEqual([
    ["held", "it is running"],
    ["freed", expect.any(String)],
  ]);
  expect(await partsIn(w)).toEqual([A]);
  w.now += 90 * DAY_MS;
  for await (const { location } of w.host.rule.heldParts(w.host.files, w.root, {})) await appendFile(location, "{}\n");
  await w.sweep();
  expect(await readFile(join(w.root, A), "utf8")).toBe(`${lines(50)}{}\n`);
});
