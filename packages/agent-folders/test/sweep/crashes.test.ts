/** A sweep, a restore and a join that are cut short at each call of the disk and of the store: nothing is lost or doubled. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { restoreUnit } from "../../src/restore/restore.js";
import { type Fate, immortal } from "../support/mortal.js";
import { treeOf } from "../support/tree.js";
import { DAY_MS, lines, put, type World, world } from "../support/world.js";

interface Act {
  /** What is there before. */
  prepare(w: World): Promise<void>;
  act(w: World): Promise<unknown>;
  /** What the transcript holds in the end. */
  readonly transcript: string;
}

/** Of this many calls, one is tried; `SESSION_ARCHIVER_EVERY=1` tries all, in minutes. */
const STEP = Number(process.env["SESSION_ARCHIVER_EVERY"] ?? 11);
const TRANSCRIPT = lines(20);
const RESULT = "a result";

async function unit(w: World): Promise<void> {
  await put(w, "p/a.jsonl", TRANSCRIPT);
  await put(w, "p/a/r.txt", RESULT, 10, 0o644);
}

const ACTS: Readonly<Record<string, Act>> = {
  sweep: { prepare: unit, act: (w) => w.sweep(), transcript: TRANSCRIPT },
  "sweep that holds aside": {
    async prepare(w) {
      await unit(w);
      w.writers = "unknown";
    },
    act: (w) => w.sweep(),
    transcript: TRANSCRIPT,
  },
  "finish of what is held": {
    async prepare(w) {
      await unit(w);
      w.writers = "unknown";
      await w.sweep();
      w.now += 2 * DAY_MS;
    },
    act: (w) => w.sweep(),
    transcript: TRANSCRIPT,
  },
  "restore of what is held": {
    async prepare(w) {
      await unit(w);
      w.writers = "unknown";
      await w.sweep();
    },
    act: (w) => restoreUnit(w.host, "toy:a"),
    transcript: TRANSCRIPT,
  },
  restore: {
    async prepare(w) {
      await unit(w);
      await w.sweep();
    },
    act: (w) => restoreUnit(w.host, "toy:a"),
    transcript: TRANSCRIPT,
  },
  join: {
    async prepare(w) {
      await unit(w);
      await w.sweep();
      await writeFile(join(w.root, "p/a.jsonl"), lines(3, 20));
    },
    act: (w) => w.sweep(),
    transcript: lines(23),
  },
};

async function checked(w: World, transcript: string): Promise<void> {
  // Two later runs, each after what is held may go.
  for (let run = 0; run < 3; run++) {
    w.now += 9 * DAY_MS;
    const { failures } = await w.sweep();
    expect(failures.map(({ message }) => message)).toEqual([]);
  }
  const ids: string[] = [];
  for await (const { id } of w.archiver.list()) ids.push(id);
  expect(ids).toEqual(["toy:a"]);
  expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
  expect(await w.archiver.read("toy:a").text()).toBe(transcript);
  expect(await w.archiver.read("toy:a", { name: "r.txt" }).text()).toBe(RESULT);
  const info = await w.archiver.info("toy:a");
  expect(info.versions).toEqual([]);
  const { archive } = await w.archiver.files("toy:a");
  expect(archive.map(({ name }) => name).sort()).toEqual(["output", "r.txt"]);
  await w.archiver.verify("toy:a");
  await restoreUnit(w.host, "toy:a");
  expect(Object.keys(await treeOf(w.root))).toEqual(["p", "p/a", "p/a.jsonl", "p/a/r.txt"]);
  expect(await readFile(join(w.root, "p/a.jsonl"), "utf8")).toBe(transcript);
  expect(await readFile(join(w.root, "p/a/r.txt"), "utf8")).toBe(RESULT);
  expect((await stat(join(w.root, "p/a.jsonl"))).nlink).toBe(1);
}

describe.each(Object.entries(ACTS))("%s", (_name, { prepare, act, transcript }) => {
  test.each([
    ["dies before a call", { when: "before", isFinal: true }],
    ["dies after a call", { when: "after", isFinal: true }],
    ["has a call fail", { when: "before", isFinal: false }],
    ["has a call fail after it was done", { when: "after", isFinal: false }],
  ] as const)("%s", async (_how, { when, isFinal }) => {
    let at = 1;
    for (let wasReached = true; wasReached; at += STEP) {
      const fate: Fate = immortal();
      const w = await world("memory", fate);
      await prepare(w);
      Object.assign(fate, { calls: 0, at, when, isFinal });
      await act(w).catch(() => undefined);
      wasReached = fate.calls >= at;
      fate.at = 0;
      await checked(w, transcript).catch((error: unknown) => {
        throw new Error(`call ${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
    }
    expect(at).toBeGreaterThan(20);
  });
});
