/** Pins: neither sweeps nor prunes touch a pinned session, and what is pinned is on record. */
import { expect, test } from "vitest";
import { IDLE, jsonl, makeSession, metaOf, recordsOf, world } from "../support.js";

test("a pinned session is neither swept nor pruned, until it is not pinned any more", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(5), IDLE);
  await w.archiver.pin("s", true);
  expect((await w.archiver.info("s")).pinned).toBe(true);
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, skippedCount: 1 });
  await w.archiver.archive("s");
  expect(await w.archiver.prune({ maxTotalBytes: 0 })).toMatchObject({ prunedCount: 0 });
  await expect(w.archiver.pruneSession("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id: "s" });
  await w.archiver.pin("s", false);
  expect((await w.archiver.info("s")).pinned).toBe(false);
  expect(await metaOf(w)).not.toHaveProperty("session:pinned");
  expect(await w.archiver.prune({ maxTotalBytes: 0 })).toMatchObject({ prunedCount: 1 });
});

test("each change is on record once, and a second time changes nothing", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(5), { title: "mine" });
  for (const pinned of [true, true, false, false]) await w.archiver.pin("s", pinned);
  expect(await recordsOf(w)).toHaveLength(2);
  expect(await metaOf(w)).toEqual({ view: "agent", title: "mine" });
});

test("of many at once none is lost", async () => {
  const w = world();
  for (const id of ["a", "b", "c"]) await makeSession(w, id, jsonl(1));
  await Promise.all(["a", "b", "c"].map((id) => w.archiver.pin(id, true)));
  for (const id of ["a", "b", "c"]) expect((await w.archiver.info(id)).pinned).toBe(true);
});
