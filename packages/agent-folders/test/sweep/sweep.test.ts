/** Sweeps of an agent's folder: what is freed, what stays, and what comes back. */
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { originalsIn } from "../../src/read-originals.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { undoRun } from "../../src/undo.js";
import { treeOf } from "../support/tree.js";
import { DAY_MS, lines, put, type Store, type World, world } from "../support/world.js";

const text = (path: string): Promise<string> => readFile(path, "utf8");

async function heldIn(w: World): Promise<readonly string[]> {
  const parts: string[] = [];
  for await (const { location } of w.host.rule.heldParts(w.host.files, w.root, {})) parts.push(location);
  return parts;
}

describe.each<Store>(["sqlite", "fs"])("on %s", (store) => {
  test("frees an idle unit as a whole, and undo gives the tree back", async () => {
    const w = await world(store);
    await put(w, "p/a.jsonl", lines(50));
    await put(w, "p/a/subagents/agent-1.jsonl", lines(5), 10, 0o644);
    await put(w, "p/a/results/r.txt", "a result", 10, 0o644);
    await put(w, "p/b.jsonl", lines(3), 1);
    const before = await treeOf(w.root);
    const report = await w.sweep();
    expect(report.failures).toEqual([]);
    expect(report.done.map(({ step, outcome }) => [step.unit.id, outcome])).toEqual([["toy:a", "freed"]]);
    expect(report.freedDiskBytes).toBeGreaterThan(0);
    expect(Object.keys(await treeOf(w.root))).toEqual(["p", "p/b.jsonl"]);
    expect((await w.archiver.info("toy:a")).state).toBe("archived");
    const undone = await undoRun(w.host);
    expect(undone.failures).toEqual([]);
    expect(undone.restored).toMatchObject([{ id: "toy:a", restoredFiles: 3 }]);
    expect(await treeOf(w.root)).toEqual(before);
    expect((await w.archiver.info("toy:a")).state).toBe("mirrored");
  });

  test("lets go of what it held aside in a later run", async () => {
    const w = await world(store);
    w.writers = "unknown";
    const location = await put(w, "p/a.jsonl", lines(50));
    const first = await w.sweep();
    expect(first.done).toMatchObject([{ outcome: "held" }]);
    expect(first.heldDiskBytes).toBeGreaterThan(0);
    await expect(stat(location)).rejects.toThrow();
    w.now += DAY_MS / 2;
    expect((await w.sweep()).finished).toMatchObject([{ outcome: "held" }]);
    w.now += DAY_MS;
    const last = await w.sweep();
    expect(last.finished).toMatchObject([{ outcome: "freed" }]);
    expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
    expect(originalsIn((await w.archiver.info("toy:a")).meta)?.state).toBe("freed");
    await restoreUnit(w.host, "toy:a");
    expect(await text(location)).toBe(lines(50));
  });

  test("puts back by link what is held still", async () => {
    const w = await world(store);
    w.writers = "unknown";
    const location = await put(w, "p/a.jsonl", lines(50));
    const { ino } = await stat(location);
    await w.sweep();
    await restoreUnit(w.host, "toy:a");
    expect((await stat(location)).ino).toBe(ino);
    expect(Object.keys(await treeOf(w.root))).toEqual(["p", "p/a.jsonl"]);
  });

  test("another content that is held aside is archived as a version, and let go", async () => {
    const w = await world(store);
    w.writers = "unknown";
    const location = await put(w, "p/a.jsonl", lines(50));
    await put(w, "p/a/r.txt", "a result");
    await w.sweep();
    // The part that is aside holds neither the archived bytes nor those at the place now.
    const held = await heldIn(w);
    for (const path of held)
      await writeFile(path, (await text(path)).replaceAll("word", "late").replaceAll("result", "ruin!!"));
    await writeFile(location, lines(3).replaceAll("word", "newest"));
    await writeFile(join(w.root, "p/a/r.txt"), "newest");
    w.now += 2 * DAY_MS;
    await w.sweep();
    w.now += 9 * DAY_MS;
    w.writers = "nobody";
    for (let run = 0; run < 3; run++) expect((await w.sweep()).failures).toEqual([]);
    expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
    const read = async (version: number): Promise<string> => w.archiver.read("toy:a", { version }).text();
    expect(await read(1)).toBe(lines(50));
    expect(await read(2)).toBe(lines(50).replaceAll("word", "late"));
    expect(await w.archiver.read("toy:a").text()).toBe(lines(3).replaceAll("word", "newest"));
    const results: string[] = [];
    for (const { name } of (await w.archiver.files("toy:a")).archive) {
      if (name !== "output") results.push(await w.archiver.read("toy:a", { name }).text());
    }
    expect(results.sort()).toEqual(["a result", "a ruin!!", "newest"]);
  });

  test("a session that goes on at its old place is joined, and nothing is doubled", async () => {
    const w = await world(store);
    const location = await put(w, "p/a.jsonl", lines(50));
    await put(w, "p/a/r.txt", "a result");
    await w.sweep();
    await writeFile(location, lines(2, 50));
    const report = await w.sweep();
    expect(report.failures).toEqual([]);
    expect(report.done).toMatchObject([{ outcome: "joined" }]);
    expect(await text(location)).toBe(lines(52));
    expect(await text(join(w.root, "p/a/r.txt"))).toBe("a result");
    expect(await w.archiver.read("toy:a").text()).toBe(lines(52));
    expect((await w.sweep({ idleDays: 0 })).done).toEqual([]);
    w.now += 8 * DAY_MS;
    expect((await w.sweep()).done).toMatchObject([{ outcome: "freed" }]);
    expect(await w.archiver.read("toy:a").text()).toBe(lines(52));
  });

  test("a session that was put back and has grown gets its tail", async () => {
    const w = await world(store);
    const location = await put(w, "p/a.jsonl", lines(50));
    await w.sweep();
    await restoreUnit(w.host, "toy:a");
    expect((await w.sweep()).done).toEqual([]);
    await appendFile(location, lines(3, 50));
    w.now += 9 * DAY_MS;
    const later = await w.sweep();
    expect(later.done).toMatchObject([{ outcome: "freed" }]);
    expect(await w.archiver.read("toy:a").text()).toBe(lines(53));
    expect((await w.archiver.info("toy:a")).versions).toEqual([]);
  });

  test("a rewritten transcript becomes a new version; a rewritten sidecar gets a new name", async () => {
    const w = await world(store);
    await put(w, "p/a.jsonl", lines(50));
    await put(w, "p/a/r.txt", "first");
    await w.sweep();
    await put(w, "p/a.jsonl", lines(4).replaceAll("word", "other"));
    await put(w, "p/a/r.txt", "second");
    const report = await w.sweep();
    expect(report.failures).toEqual([]);
    expect(report.done.map(({ outcome, why }) => `${outcome}: ${why}`)).toEqual(["freed: idle for 10 days"]);
    expect(await w.archiver.read("toy:a", { version: 1 }).text()).toBe(lines(50));
    expect(await w.archiver.read("toy:a").text()).toBe(lines(4).replaceAll("word", "other"));
    expect(await w.archiver.read("toy:a", { name: "r.txt" }).text()).toBe("first");
    expect(await w.archiver.read("toy:a", { name: "r.txt~2" }).text()).toBe("second");
    await restoreUnit(w.host, "toy:a");
    expect(await text(join(w.root, "p/a/r.txt"))).toBe("second");
    expect(await text(join(w.root, "p/a.jsonl"))).toBe(lines(4).replaceAll("word", "other"));
  });
});
