/** Noting what was found whole: it changes one key, and never fails a verification. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ArchiverError } from "../../../src/index.js";
import { archived } from "../../catalogues.js";
import { eventsOf, metaOf, recordsOf } from "../../support.js";
import { inState, STATES } from "../states.js";
import { flipArchive, notedAt } from "./support.js";

test.each(STATES)("of a %s session only the note changes, and it says when the reading began", async (state) => {
  const w = await inState(state);
  const before = await metaOf(w);
  const records = await recordsOf(w);
  w.now += 1000;
  await w.archiver.verify("s", { note: true, onProgress: () => w.now++ });
  const noted = state === "purged" ? {} : { [KEY.verifiedAt]: w.now - (w.now % 1000) };
  expect(await metaOf(w)).toEqual({ ...before, ...noted });
  expect(await recordsOf(w)).toEqual(records);
  const isArchived = ["archived", "resumed", "pruned"].includes(state);
  expect((await w.archiver.info("s")).knownWholeAt).toBe(isArchived ? noted[KEY.verifiedAt] : null);
});

test("many are noted in one call, and a bad one is not", async () => {
  const w = await archived("a", "b", "c");
  await flipArchive(w, "b");
  const archivedAt = w.now;
  w.now += 1000;
  expect(await w.archiver.verifyAll(["a", "b"], { note: true })).toMatchObject({ checked: 2, bad: [{ id: "b" }] });
  expect(await notedAt(w, "a")).toBe(w.now);
  expect(await notedAt(w, "b")).toBeUndefined();
  expect((await w.archiver.info("b")).knownWholeAt).toBe(archivedAt);
  expect(await notedAt(w, "c")).toBeUndefined();
});

test("a session that changes while it is read passes without a note, and the change stays", async () => {
  const w = await archived("s");
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (...given) {
    await w.archiver.pin("s", true);
    yield* read(...given);
  };
  await w.archiver.verify("s", { note: true });
  expect(await notedAt(w)).toBeUndefined();
  expect(await w.archiver.info("s")).toMatchObject({ pinned: true });
  expect(eventsOf(w, "warning")).toEqual([]);
});

test.each(["QUOTA", "UNAVAILABLE", "INVALID_ARGUMENT"] as const)(
  "a note that can't be kept (%s) is a warning, not a failure",
  async (code) => {
    const w = await archived("s");
    const { put } = w.ports.objects;
    w.ports.objects.put = async () => {
      throw new ArchiverError(code, "There is no room.");
    };
    await w.archiver.verify("s", { note: true });
    expect(eventsOf(w, "warning")).toMatchObject([{ id: "s", code, message: "There is no room." }]);
    w.ports.objects.put = put;
    expect(await notedAt(w)).toBeUndefined();
  },
);

test("a session that was read before an abort is noted all the same", async () => {
  const w = await archived("a", "b");
  const controller = new AbortController();
  const { signal } = controller;
  const { put } = w.ports.objects;
  w.ports.objects.put = (...given) => {
    controller.abort();
    return put(...given);
  };
  const { list } = w.ports.blobs;
  w.ports.blobs.list = async function* (id, op) {
    if (id === "b" && !signal.aborted) await once(signal, "abort");
    yield* list(id, op);
  };
  await expect(w.archiver.verifyAll(["a", "b"], { note: true, signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(await notedAt(w, "a")).toBe(w.now);
  expect(await notedAt(w, "b")).toBeUndefined();
});
