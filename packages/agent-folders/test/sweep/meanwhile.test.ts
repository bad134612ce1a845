/** What happens while a sweep is under way: agents wake up, files change, units fail. */
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { diskBytesOf } from "../../src/measure.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { runsOf } from "../../src/runs.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { undoRun } from "../../src/undo.js";
import { treeOf } from "../support/tree.js";
import { lines, put, type World, world } from "../support/world.js";

async function three(): Promise<World> {
  const w = await world("memory");
  for (const id of ["a", "b", "c"]) await put(w, `p/${id}.jsonl`, lines(5), id === "a" ? 30 : id === "b" ? 20 : 10);
  return w;
}

test("a session that becomes live after the plan is left, and so is one that it needs", async () => {
  const w = await three();
  w.agent.needs.set("c", ["a"]);
  const plan = await w.plan();
  w.agent.running.add("c");
  const { done } = await sweepFolders(w.host, plan);
  expect(done.map(({ step, outcome }) => `${step.unit.nativeId} ${outcome}`)).toEqual(["a left", "b freed", "c left"]);
});

test("a file that changes after the plan, or while it is archived, is left and whole", async () => {
  const w = await three();
  const plan = await w.plan();
  await appendFile(join(w.root, "p/a.jsonl"), lines(1, 5));
  const mirror = w.archiver.mirror.bind(w.archiver);
  const archiver = {
    ...w.archiver,
    async mirror(...[id, originals, options]: Parameters<typeof mirror>) {
      const done = await mirror(id, originals, options);
      if (id === "toy:b") await appendFile(join(w.root, "p/b.jsonl"), lines(1, 5));
      return done;
    },
  };
  const { done, failures } = await sweepFolders({ ...w.host, archiver }, plan);
  expect(failures).toEqual([]);
  expect(done.map(({ step, outcome }) => `${step.unit.nativeId} ${outcome}`)).toEqual([
    "a left",
    "b archived",
    "c freed",
  ]);
  for (const id of ["a", "b"]) expect(await readFile(join(w.root, `p/${id}.jsonl`), "utf8")).toBe(lines(6));
  expect((await w.archiver.info("toy:b")).state).toBe("mirrored");
});

test("a file that is added to the unit after the plan keeps the unit whole", async () => {
  const w = await three();
  await put(w, "p/a/one.txt", "one", 30);
  const plan = await w.plan();
  await put(w, "p/a/two.txt", "two", 30);
  const { done } = await sweepFolders(w.host, plan);
  expect(done[0]).toMatchObject({ outcome: "left", why: expect.stringContaining("two.txt") });
  expect(Object.keys(await treeOf(w.root))).toContain("p/a/one.txt");
});

test("one unit's failure stops no other, and an abort ends the run between units", async () => {
  const w = await three();
  const mirror = w.archiver.mirror.bind(w.archiver);
  const stop = new AbortController();
  const archiver = {
    ...w.archiver,
    async mirror(...[id, originals, options]: Parameters<typeof mirror>) {
      if (id === "toy:b") throw new ArchiverError("QUOTA", "The disk is full.");
      return mirror(id, originals, options);
    },
  };
  const plan = await w.plan();
  const { done, failures } = await sweepFolders({ ...w.host, archiver }, plan);
  expect(done.map(({ outcome }) => outcome)).toEqual(["freed", "failed", "freed"]);
  expect(failures).toMatchObject([{ id: "toy:b", code: "QUOTA" }]);
  const next = await w.plan();
  stop.abort();
  await expect(sweepFolders(w.host, next, { signal: stop.signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect((await w.sweep()).done).toMatchObject([{ outcome: "freed" }]);
});

describe("runs", () => {
  test("are listed, newest first, with what is back since; undo takes the last one back and reports what it can't", async () => {
    const w = await three();
    const first = await w.sweep({ idleDays: 15 });
    w.now += 1000;
    const second = await w.sweep({ idleDays: 5 });
    expect((await runsOf(w.host)).map(({ id, sessions, back }) => [id, sessions.length, back])).toEqual([
      [second.run.id, 1, 0],
      [first.run.id, 2, 0],
    ]);
    expect((await undoRun(w.host)).run.id).toBe(second.run.id);
    await writeFile(join(w.root, "p/a.jsonl"), "something else");
    const undone = await undoRun(w.host);
    expect(undone.run).toEqual(first.run);
    expect(undone.restored.map(({ id }) => id)).toEqual(["toy:b"]);
    expect(undone.failures).toMatchObject([{ id: "toy:a", code: "CONFLICT" }]);
    expect((await runsOf(w.host)).map(({ back }) => back)).toEqual([1, 1]);
    await expect(undoRun(w.host, "ffffffffffffffff")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("say to the block what they have freed", async () => {
    const w = await three();
    await put(w, "p/a/sub/r.txt", "x".repeat(10_000), 30);
    const before = await diskBytesOf(w.host.files, [w.home]);
    const { freedDiskBytes } = await w.sweep();
    expect(before - (await diskBytesOf(w.host.files, [w.home]))).toBe(freedDiskBytes);
  });
});

test("the transcript is taken last and comes back first, since agents clean up beside one that is absent", async () => {
  const w = await three();
  await put(w, "p/a/r.txt", "a result", 30);
  const moved: string[] = [];
  const { rename, link } = w.host.files;
  const files = {
    ...w.host.files,
    async rename(from: string, to: string) {
      if (from.startsWith(`${w.root}/p/a`)) moved.push(`took ${from.slice(w.root.length + 1)}`);
      return rename(from, to);
    },
    async link(from: string, to: string) {
      if (to.startsWith(`${w.root}/p/a`)) moved.push(`put ${to.slice(w.root.length + 1)}`);
      return link(from, to);
    },
  };
  const host = { ...w.host, files };
  await sweepFolders(host, await w.plan());
  await restoreUnit(host, "toy:a");
  expect(moved).toEqual(["took p/a/r.txt", "took p/a.jsonl", "put p/a.jsonl", "put p/a/r.txt"]);
});
