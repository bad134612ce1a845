/** Passes over the whole store that go on where they stopped. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ArchiverError, type VerifyReport } from "../../../src/index.js";
import { archived } from "../../catalogues.js";
import { dieAt, unreachable } from "../../faults.js";
import { eventsOf, makeSession, NOW, type World, world } from "../../support.js";
import { flipArchive, force, notedAt, watchNotes } from "./support.js";

function goOn(w: World, signal?: AbortSignal): Promise<VerifyReport> {
  return w.archiver.verifyAll(undefined, { resume: true, note: true, signal });
}

const sinceOf = async ({ ports }: World): Promise<unknown> =>
  (await ports.objects.ownMeta?.get())?.meta["verifyingSince"];

/** Stops a pass in the session after `count` others, before it or a later one is read. */
async function stopAfter(w: World, count: number): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const onSession = ({ done }: { done: number }): void => {
    if (done === count) controller.abort();
  };
  const begun: string[] = [];
  const { list } = w.ports.blobs;
  w.ports.blobs.list = async function* (id, op) {
    if (!begun.includes(id)) begun.push(id);
    if (begun.indexOf(id) >= count && !signal.aborted) await once(signal, "abort");
    yield* list(id, op);
  };
  const stopped = w.archiver.verifyAll(undefined, { resume: true, note: true, signal, onSession });
  await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
  w.ports.blobs.list = list;
}

test("a pass that was stopped goes on, closes at its end, and the next one begins anew", async () => {
  const w = await archived("a", "b", "c");
  await makeSession(w, "live", "x\n");
  const noted = watchNotes(w);
  w.now += 1000;
  const began = w.now;
  await stopAfter(w, 2);
  expect(noted).toHaveLength(2);
  expect(await sinceOf(w)).toBe(began);
  w.now += 1000;
  // Another process goes on.
  const later = world({ ...w.ports, now: () => w.now });
  const report = { checked: 2, bad: [], skipped: 2, total: 4, complete: true, knownWholeAt: began };
  expect(await goOn(later)).toEqual(report);
  expect([...noted].sort()).toEqual(["a", "b", "c", "live"]);
  expect(await sinceOf(w)).toBeUndefined();
  w.now += 1000;
  expect(await goOn(w)).toMatchObject({ checked: 4, skipped: 0, knownWholeAt: w.now });
});

test("a session that is archived during the pass was read back, and is not read again", async () => {
  const w = await archived("a");
  await makeSession(w, "b", "x\n");
  w.now += 1000;
  await stopAfter(w, 0);
  w.now += 1000;
  await w.archiver.archive("b");
  expect(await goOn(w)).toMatchObject({ checked: 1, skipped: 1, total: 2, knownWholeAt: w.now });
});

test("a bad session is tried again while the pass is open, and keeps no pass from its end", async () => {
  const w = await archived("a", "b");
  w.now += 1000;
  await flipArchive(w, "a");
  await flipArchive(w, "b");
  await stopAfter(w, 1);
  await flipArchive(w, "a");
  const bad = [{ id: "b", code: "CORRUPT", message: expect.any(String) }];
  const report = { checked: 2, bad, skipped: 0, total: 2, complete: true, knownWholeAt: w.now };
  expect(await goOn(w)).toEqual(report);
  expect(await sinceOf(w)).toBeUndefined();
  expect(await notedAt(w, "b")).toBeUndefined();
});

test("a session that is removed meanwhile is neither bad nor counted", async () => {
  const w = await archived("a", "b");
  const { list } = w.ports.objects;
  w.ports.objects.list = async function* (...given) {
    w.ports.objects.list = list;
    for await (const object of list(...given)) {
      if (object.id === "b") await w.archiver.remove("b");
      yield object;
    }
  };
  expect(await w.archiver.verifyAll()).toMatchObject({ checked: 1, bad: [], total: 1 });
});

test("a clock that is set back or was ahead makes no session pass unread", async () => {
  const w = await archived("a", "b");
  w.now = NOW + 10_000;
  await stopAfter(w, 1);
  w.now = NOW + 5000;
  // The pass and its notes are of the future: it begins anew, and goes on from there.
  await stopAfter(w, 1);
  expect(await sinceOf(w)).toBe(NOW + 5000);
  expect(await goOn(w)).toMatchObject({ checked: 1, skipped: 1, knownWholeAt: NOW + 5000 });
  await force(w, "a", { [KEY.verifiedAt]: NOW + 1e9 });
  w.now += 1000;
  await stopAfter(w, 0);
  expect(await goOn(w)).toMatchObject({ checked: 2, skipped: 0 });
});

test("two calls at once share a pass, and the later one does not close the next", async () => {
  const w = await archived("a", "b");
  w.now += 1000;
  await stopAfter(w, 0);
  const other = world({ ...w.ports, now: () => w.now });
  let next = 0;
  const { read } = w.ports.archives;
  let isOver: Promise<unknown> | undefined;
  const meanwhile = async (): Promise<void> => {
    w.ports.archives.read = read;
    expect(await goOn(other)).toMatchObject({ complete: true });
    w.now += 1000;
    next = w.now;
    await stopAfter(other, 1);
    w.now += 1000;
  };
  w.ports.archives.read = async function* (...given) {
    isOver ??= meanwhile();
    await isOver;
    yield* read(...given);
  };
  expect(await goOn(w)).toMatchObject({ bad: [], total: 2, complete: true });
  expect(next).toBeGreaterThan(0);
  expect(await sinceOf(w)).toBe(next);
});

test("the store's other notes stay as they are", async () => {
  const w = await archived("a");
  await w.archiver.pin("a", true);
  const own = w.ports.objects.ownMeta;
  const before = await own?.get();
  await own?.put({ ...before?.meta, ofALaterVersion: { x: 1 } }, before?.version ?? null);
  w.now += 1000;
  await stopAfter(w, 0);
  const after = { ...before?.meta, ofALaterVersion: { x: 1 } };
  expect((await own?.get())?.meta).toEqual({ ...after, verifyingSince: w.now });
  await goOn(w);
  expect((await own?.get())?.meta).toEqual(after);
});

test("a pass that can't be begun reads nothing; one that can't be closed is a warning", async () => {
  const w = await archived("a");
  w.now += 1000;
  const own = w.ports.objects.ownMeta;
  if (!own) throw new Error("Memory keeps metadata of its own.");
  const { put } = own;
  own.put = unreachable;
  const noted = watchNotes(w);
  await expect(goOn(w)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(noted).toEqual([]);
  own.put = put;
  await stopAfter(w, 0);
  own.put = async () => {
    throw new ArchiverError("QUOTA", "There is no room.");
  };
  w.now += 1000;
  expect(await goOn(w)).toMatchObject({ checked: 1, bad: [], complete: true });
  expect(eventsOf(w, "warning")).toMatchObject([{ code: "QUOTA" }]);
});

test("a store without metadata of its own can't keep a pass, and says so", async () => {
  const w = await archived("a");
  const { ownMeta: _, ...objects } = w.ports.objects;
  const without = world({ ...w.ports, objects });
  const revive = dieAt(without, 1);
  const message = expect.stringContaining("can't keep how far a pass of verify has come");
  await expect(goOn(without)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
  expect(await without.archiver.verifyAll(undefined, { sample: 1 })).toMatchObject({ checked: 1, bad: [] });
  expect(revive()).toBe(false);
});

test("an empty catalogue beside archives does not pass for whole here either", async () => {
  const w = await archived("s");
  const lost = world({ archives: w.ports.archives });
  expect(await goOn(lost)).toMatchObject({ total: 0, bad: [{ id: "", code: "CORRUPT" }] });
  expect(await lost.archiver.verifyAll(undefined, { sample: 3 })).toMatchObject({ bad: [{ code: "CORRUPT" }] });
});
