/** Catching up: the way out for a catalogue that was set back. */
import { describe, expect, test } from "vitest";
import { archived, copyOf } from "../catalogues.js";
import { unreachable } from "../faults.js";
import { metaOf } from "../support.js";

const PURGE = { maxTotalBytes: 0, graceDays: 0 };

describe("set back to before", () => {
  test("a pin: it is pinned again, and not pruned", async () => {
    const w = await archived("s");
    const backup = await copyOf(w);
    await w.archiver.pin("s", true);
    expect((await backup.archiver.prune(PURGE)).refused).toMatch(/run record/);
    expect(await backup.archiver.catchUp()).toMatchObject({ pinned: ["s"], unpruned: ["s"] });
    expect((await backup.archiver.info("s")).pinned).toBe(true);
  });

  test("what a removal, a purge and a restore gave up is reported", async () => {
    const w = await archived("removed", "purged", "restored");
    const backup = await copyOf(w);
    await w.archiver.remove("removed");
    await w.archiver.pruneSession("purged");
    await w.archiver.prune(PURGE);
    await w.archiver.restore("restored").catch(() => {});
    const { givenUp } = await backup.archiver.catchUp();
    expect(givenUp.map(({ id, change }) => `${id} ${change}`)).toEqual(
      expect.arrayContaining(["removed removed", "purged purged"]),
    );
  });
});

test("with nothing unknown it changes nothing", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const before = await w.ports.objects.get("s");
  expect(await w.archiver.catchUp()).toEqual({ records: 0, unpruned: [], pinned: [], givenUp: [] });
  expect(await w.ports.objects.get("s")).toEqual(before);
});

test("interrupted, it refuses as before, and goes on when it is called again", async () => {
  const w = await archived("a", "b");
  for (const id of ["a", "b"]) await w.archiver.pruneSession(id);
  const backup = await copyOf(w);
  await w.archiver.pin("a", true);
  const { put } = backup.ports.objects;
  backup.ports.objects.put = async (id, ...rest) => (id === "b" ? unreachable() : put(id, ...rest));
  await expect(backup.archiver.catchUp()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  backup.ports.objects.put = put;
  expect(await backup.archiver.setBack()).toMatch(/run record/);
  expect(await backup.archiver.catchUp()).toMatchObject({ unpruned: ["b"], pinned: ["a"] });
  expect(await backup.archiver.setBack()).toBeNull();
  for (const id of ["a", "b"]) expect((await backup.archiver.info(id)).state).toBe("archived");
});

test("of what was pinned and unpinned since, and of sessions that are gone here, nothing is pinned", async () => {
  const w = await archived("gone", "s");
  const backup = await copyOf(w);
  await w.archiver.pin("gone", true);
  await w.archiver.pin("s", true);
  w.now += 1; // records are in the order of their times
  await w.archiver.pin("s", false);
  const object = await backup.ports.objects.get("gone");
  await backup.ports.objects.delete("gone", object?.version ?? "");
  expect(await backup.archiver.catchUp()).toMatchObject({ records: 3, pinned: [] });
  expect(await metaOf(backup)).not.toHaveProperty("session:pinned");
});
