/** Sweeps of a store that is full, with its archives in the same space. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ArchiverError } from "../../../src/index.js";
import type { Bytes } from "../../../src/ports.js";
import { runs } from "../../fuzz.js";
import { eventsOf, IDLE, jsonl, longLines, makeSession, readText, type World, world } from "../../support.js";

/** Blobs and archives share this many bytes. What is being stored takes space as it comes, and gives it back if it fails. */
function limitSpace(w: World, bytes: number): { free: number; refusals: number } {
  const space = { free: bytes, refusals: 0 };
  const { archives, blobs } = w.ports;
  const { put, delete: drop } = archives;
  const { delete: remove } = blobs;
  archives.put = async (key, body, op) => {
    let taken = 0;
    async function* counted(): Bytes {
      for await (const chunk of body) {
        if (chunk.length > space.free) throw new ArchiverError("QUOTA", `There is no space for ${chunk.length} bytes.`);
        space.free -= chunk.length;
        taken += chunk.length;
        yield chunk;
      }
    }
    try {
      return await put(key, counted(), op);
    } catch (error) {
      space.free += taken;
      space.refusals++;
      throw error;
    }
  };
  archives.delete = async (key, op) => {
    const size = (await archives.stat(key))?.size ?? 0; // on a line of its own: `+=` would take what is free before the wait
    space.free += size;
    return drop(key, op);
  };
  blobs.delete = async (at, op) => {
    await remove(at, op);
    space.free += at.size;
  };
  return space;
}

async function makeSessions(w: World, texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const made = new Map(texts.map((text, n) => [`s${n}`, text]));
  for (const [id, text] of made) await makeSession(w, id, text, IDLE);
  return made;
}

async function expectWhole(w: World, made: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, text] of made) expect(await readText(w, id)).toBe(text);
}

/** Lines that hardly compress. */
function noise(lines: number, seed: number): string {
  let state = seed;
  const char = (): string => {
    state = Math.imul(state, 1664525) + 1013904223;
    return String.fromCharCode(33 + ((state >>> 16) % 94));
  };
  return Array.from({ length: lines }, () => `${Array.from({ length: 500 }, char).join("")}\n`).join("");
}

test("what a small session frees is room for a larger one, until all are archived", async () => {
  const w = world();
  const made = await makeSessions(
    w,
    Array.from({ length: 10 }, (_, n) => jsonl(20 * 2 ** n, n)),
  );
  const space = limitSpace(w, 4_000);
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: made.size, failedCount: 0, failures: [] });
  expect(space.refusals).toBeGreaterThan(0);
  await expectWhole(w, made);
});

test("the largest that fits comes first", async () => {
  const w = world();
  const made = await makeSessions(w, [jsonl(60), longLines(2_000), jsonl(900, 3), jsonl(400, 4)]);
  const { put } = w.ports.archives;
  let isFirst = true;
  w.ports.archives.put = (key, body, op) => {
    if (!isFirst) return put(key, body, op);
    isFirst = false;
    throw new ArchiverError("QUOTA", "no room yet");
  };
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: made.size, failedCount: 0 });
  const sizes = eventsOf(w, "archived").map((event) => ("rawBytes" in event ? event.rawBytes : 0));
  expect(sizes).toHaveLength(made.size);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test("without any room it stops after a few refusals, and says how much would do", async () => {
  const w = world();
  const texts = Array.from({ length: 90 }, (_, n) => jsonl(20 + 3 * n, n));
  const made = await makeSessions(w, texts);
  const space = limitSpace(w, 50);
  const report = await w.archiver.sweep();
  const liveBytes = texts.reduce((sum, text) => sum + text.length, 0);
  expect(report).toMatchObject({ archivedCount: 0, outOfSpace: { sessionCount: 90, liveBytes } });
  expect(space.refusals).toBeLessThanOrEqual(5);
  expect(report.failures.length).toBeGreaterThan(0);
  expect(report.failedCount).toBe(report.failures.length);
  for (const { code } of report.failures) expect(code).toBe("QUOTA");
  await expectWhole(w, made);

  space.free += report.outOfSpace?.neededBytes ?? 0;
  const again = await w.archiver.sweep();
  expect(again).toMatchObject({ archivedCount: 90, failedCount: 0 });
  expect(again).not.toHaveProperty("outOfSpace");
  await expectWhole(w, made);
});

test("what hardly compresses keeps nothing else from being archived", async () => {
  const w = world();
  const made = await makeSessions(w, [noise(400, 1), noise(300, 2), ...[3, 4, 5, 6].map((seed) => jsonl(500, seed))]);
  limitSpace(w, 40_000);
  const { archivedCount, outOfSpace } = await w.archiver.sweep();
  expect(archivedCount).toBeGreaterThanOrEqual(4);
  expect(outOfSpace?.sessionCount ?? 0).toBe(made.size - archivedCount);
  await expectWhole(w, made);
});

test("a sink without space takes as much as fits, wherever the sessions are", async () => {
  const w = world();
  const made = await makeSessions(
    w,
    Array.from({ length: 30 }, (_, n) => jsonl(200, n)),
  );
  const space = limitSpace(w, 45_000);
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = async (at, op) => {
    await remove(at, op);
    space.free -= at.size; // not the sink's
  };
  const report = await w.archiver.sweep();
  expect(report.archivedCount).toBeGreaterThan(2);
  expect(report.outOfSpace?.sessionCount).toBe(made.size - report.archivedCount);
  expect(report.failedCount).toBeGreaterThan(0);
  await expectWhole(w, made);
});

test("other failures are reported once, and sessions that were skipped are counted once", async () => {
  const w = world();
  await makeSessions(w, [jsonl(900), jsonl(300, 2), jsonl(100, 3)]);
  await makeSession(w, "pinned", jsonl(10), { ...IDLE, "session:pinned": true });
  limitSpace(w, 6_000);
  const { read } = w.ports.blobs;
  w.ports.blobs.read = (at, range, op) => {
    if (at.key.id === "s0") throw new ArchiverError("CORRUPT", "bad block");
    return read(at, range, op);
  };
  const report = await w.archiver.sweep({ all: true });
  expect(report).toMatchObject({ archivedCount: 2, skippedCount: 1, failedCount: 1 });
  expect(report.failures).toEqual([{ id: "s0", code: "CORRUPT", message: "bad block" }]);
});

test("an abort ends it", async () => {
  const w = world();
  const made = await makeSessions(w, [jsonl(900), jsonl(300, 2)]);
  limitSpace(w, 10);
  const controller = new AbortController();
  const { put } = w.ports.archives;
  let puts = 0;
  w.ports.archives.put = (key, body, op) => {
    if (++puts === 3) controller.abort();
    return put(key, body, op);
  };
  await expect(w.archiver.sweep({ signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  await expectWhole(w, made);
});

test("with any sizes and any space, what is left at the end does not fit", async () => {
  const exponent = fc.double({ min: 0, max: 10, noNaN: true });
  const law = fc.asyncProperty(fc.array(exponent, { minLength: 1, maxLength: 12 }), exponent, async (sizes, room) => {
    const w = world();
    const made = await makeSessions(
      w,
      sizes.map((size, n) => jsonl(Math.ceil(2 ** size), n)),
    );
    const space = limitSpace(w, Math.floor(2 ** (7 + room)));
    const { outOfSpace, archivedCount } = await w.archiver.sweep();
    expect(archivedCount + (outOfSpace?.sessionCount ?? 0)).toBe(made.size);
    await expectWhole(w, made);
    for (const id of made.keys()) {
      if ((await w.archiver.info(id)).state !== "live") continue;
      const { free } = space;
      await expect(w.archiver.archive(id)).rejects.toMatchObject({ code: "QUOTA" });
      expect(space.free).toBe(free);
    }
  });
  await fc.assert(law, runs(40));
});
