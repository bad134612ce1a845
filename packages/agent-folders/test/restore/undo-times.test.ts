/** Undo gives Claude Code's transcripts the times that they had, so that `claude --continue` takes what it would have taken. */
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import type { FolderHost } from "../../src/host.js";
import { placeOf } from "../../src/place.js";
import { restoreUnit } from "../../src/restore/restore.js";
import type { RestoredUnit } from "../../src/restore/restored.js";
import { restoreUnits } from "../../src/restore/several.js";
import type { AgentSource, Place } from "../../src/source.js";
import { planFolders } from "../../src/sweep/plan.js";
import type { FolderReport } from "../../src/sweep/report.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { undoRun } from "../../src/undo.js";
import { uuid } from "../support/transcripts.js";
import { lines, put, type World, world } from "../support/world.js";

interface Claude {
  readonly w: World;
  readonly host: FolderHost;
  readonly place: Place;
  readonly inProjects: World;
  sweep(): Promise<FolderReport>;
}

const SECOND = 1 / 86_400;
const ID = (n: number): string => `claude-code:${uuid(n)}`;

async function claude(change: Partial<AgentSource> = {}): Promise<Claude> {
  const w = await world("memory");
  const home = join(w.folder, ".claude");
  await mkdir(join(home, "projects"), { recursive: true });
  const place = await placeOf({ ...claudeCodeSource(), ...change }, home, w.host.files, {});
  const host = { ...w.host, placeOf: async () => place };
  const sweep = async (): Promise<FolderReport> => sweepFolders(host, await planFolders(host, [place]));
  return { w, host, place, sweep, inProjects: { ...w, root: join(home, "projects") } };
}

/** Unix ms of every transcript, by its path. */
async function timesBelow({ root }: World): Promise<Readonly<Record<string, number>>> {
  const paths = (await readdir(root, { recursive: true })).filter((path) => path.endsWith(".jsonl"));
  const timeOf = async (path: string) => [path, Math.round((await stat(join(root, path))).mtimeMs)] as const;
  return Object.fromEntries(await Promise.all(paths.sort().map(timeOf)));
}

describe("after sweep, free and undo", () => {
  test("every transcript has the time that it had, and the newest of each folder is the same", async () => {
    const { w, host, sweep, inProjects } = await claude();
    // The ids are in no order of time; some are only a second apart, and one project has a session that stays.
    const ages = [12, 9, 20, 9 + SECOND, 8, 15, 15 + SECOND, 21, 8 + SECOND, 17];
    for (const [n, days] of ages.entries()) await put(inProjects, `-p/${uuid(n)}.jsonl`, lines(3), days);
    for (const [n, days] of ages.entries()) await put(inProjects, `-q/${uuid(n + 20)}.jsonl`, lines(3), days + 0.5);
    await put(inProjects, `-q/${uuid(40)}.jsonl`, lines(3), 2);
    const before = await timesBelow(inProjects);
    const { done } = await sweep();
    expect(done.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => "freed"));
    expect(Object.keys(await timesBelow(inProjects))).toEqual([`-q/${uuid(40)}.jsonl`]);
    w.now += 3_600_000;
    const { restored, failures } = await undoRun(host);
    expect(failures).toEqual([]);
    expect(await timesBelow(inProjects)).toEqual(before);
    // It is said once, of the newest of the folder in which none is newer.
    expect(restored.flatMap(({ id, warnings }) => warnings.map((warning) => [id, warning]))).toEqual([
      [ID(4), "`claude --continue` will pick it up in its folder: it is the newest there."],
    ]);
  });

  test("also those that others need, which come back in the same order", async () => {
    const needs = new Map([[ID(2), [ID(1)]]]);
    const source = claudeCodeSource();
    const { w, host, sweep, inProjects } = await claude({
      scan: async (place, files, options) => {
        const { units, leftOut } = await source.scan(place, files, options);
        return { units: units.map((unit) => ({ ...unit, needs: needs.get(unit.id) ?? [] })), leftOut };
      },
    });
    await put(inProjects, `-p/${uuid(1)}.jsonl`, lines(3), 15);
    await put(inProjects, `-p/${uuid(2)}.jsonl`, lines(3), 10);
    const before = await timesBelow(inProjects);
    await sweep();
    expect(await restoreUnit(host, ID(2))).toMatchObject({
      ancestors: [ID(1)],
      warnings: [expect.stringContaining("--continue")],
    });
    expect(await timesBelow(inProjects)).toEqual(before);
    w.now += 9 * 86_400_000;
    await sweep();
    const undone = await undoRun(host);
    expect(undone.restored.map(({ id, ancestors }) => [id, ancestors])).toEqual([
      [ID(1), []],
      [ID(2), [ID(1)]],
    ]);
    const after = await timesBelow(inProjects);
    expect(after[`-p/${uuid(2)}.jsonl`]).toBeGreaterThan(after[`-p/${uuid(1)}.jsonl`] ?? 0);
  });
});

test("a warning that no longer holds when all are back is not given", async () => {
  const { host, sweep, inProjects } = await claude();
  await put(inProjects, `-p/${uuid(1)}.jsonl`, lines(3), 10);
  await put(inProjects, `-q/${uuid(2)}.jsonl`, lines(3), 20);
  await sweep();
  // While the second one is put back, somebody begins a new session beside the first one.
  const told: RestoredUnit[] = [];
  const { update } = host.archiver;
  const archiver = {
    ...host.archiver,
    async update(...[id, change, op]: Parameters<typeof update>) {
      if (id === ID(2)) await writeFile(join(inProjects.root, `-p/${uuid(9)}.jsonl`), lines(1));
      return update.call(host.archiver, id, change, op);
    },
  };
  const onRestored = (one: RestoredUnit): void => void told.push(one);
  const { restored } = await undoRun({ ...host, archiver }, undefined, { onRestored });
  expect(told).toEqual(restored);
  const warnings = restored.map(({ id, warnings }) => [id, warnings.length]);
  expect(warnings.sort()).toEqual([
    [ID(1), 0],
    [ID(2), 1],
  ]);
});

test("one that can't be put back stops no other, and those that need it say so, once", async () => {
  const w = await world("memory");
  w.agent.needs.set("fork", ["parent", "unknown"]);
  await put(w, "p/fork.jsonl", lines(3), 10);
  await put(w, "p/parent.jsonl", lines(5), 20);
  await put(w, "p/other.jsonl", lines(5), 30);
  await w.sweep();
  await writeFile(join(w.root, "p/parent.jsonl"), "something else");
  const { restored, failures } = await restoreUnits(w.host, ["toy:other", "toy:fork"]);
  expect(failures).toMatchObject([{ id: "toy:parent", code: "CONFLICT" }]);
  expect(restored).toMatchObject([
    { id: "toy:other", warnings: [] },
    { id: "toy:fork", ancestors: [] },
  ]);
  expect(restored[1]?.warnings.toSorted()).toEqual([
    "its agent needs the session toy:parent to resume it, which could not be put back",
    expect.stringContaining("toy:unknown"),
  ]);
  // Alone, nothing of it is put back while what it needs can't be.
  await w.sweep({ free: ["toy:fork"] });
  await expect(restoreUnit(w.host, "toy:fork")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await readdir(join(w.root, "p"))).toEqual(["other.jsonl", "parent.jsonl"]);
});
