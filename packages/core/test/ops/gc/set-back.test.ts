/** A catalogue that was set back, or whose store was copied, gives up nothing. */
import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../src/index.js";
import { archived, copyOf, text } from "../../catalogues.js";
import { jsonl, makeSession, readText, recordsOf, world } from "../../support.js";

const PURGE = { maxTotalBytes: 0, graceDays: 0 };

describe("set back to before", () => {
  test("an undone prune: a purge is refused, and the bytes stay", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    const backup = await copyOf(w);
    await w.archiver.undoPrune("s");
    const report = await backup.archiver.prune(PURGE);
    expect(report).toMatchObject({ archiveBytesFreed: 0 });
    expect(report.refused).toMatch(/run record/);
    expect(await readText(w, "s")).toBe(text);
    expect((await backup.archiver.gc({ graceDays: 0 })).refused).toMatch(/run record/);
    await expect(backup.archiver.remove("s")).rejects.toMatchObject({ code: "CONFLICT" });
    // The way out.
    expect(await backup.archiver.catchUp()).toMatchObject({ records: 1, unpruned: ["s"] });
    expect(await readText(backup, "s")).toBe(text);
    expect(await backup.archiver.catchUp()).toMatchObject({ records: 0, unpruned: [] });
    expect((await backup.archiver.gc({ graceDays: 0 })).refused).toBeNull();
  });

  test("output that took a tombstone back", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    const backup = await copyOf(w);
    await w.archiver.recorder("s").append("more\n");
    expect((await backup.archiver.prune(PURGE)).refused).toMatch(/run record/);
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("a second archive of one session: not one session is purged", async () => {
    const w = await archived("a", "s", "z");
    for (const id of ["a", "s", "z"]) await w.archiver.pruneSession(id);
    const backup = await copyOf(w);
    await w.archiver.undoPrune("s");
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.archive("s");
    // Even if the records were lost as well.
    for (const key of await recordsOf(w)) await w.ports.archives.delete(key);
    const report = await backup.archiver.prune(PURGE);
    expect(report.refused).toContain('session "s"');
    for (const id of ["a", "z"]) {
      await w.archiver.undoPrune(id);
      expect(await readText(w, id)).toBe(text);
    }
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });
});

test.each([
  ["gc", "right"],
  ["gc", "damaged"],
  ["sweep", "right"],
  ["sweep", "damaged"],
] as const)(
  "a copy that catches up during a %s proves nothing by what that deletes, if its record is %s",
  async (operation, state) => {
    const w = await archived("s");
    const copy = await copyOf(w);
    await w.archiver.restore("s");
    await w.archiver.archive("s"); // the same bytes under another key: the older archive is given up
    w.now += 60 * 60 * 1000;
    const { delete: remove } = w.ports.archives;
    let isFirst = true;
    w.ports.archives.delete = async (...args) => {
      if (isFirst) {
        isFirst = false;
        for (const key of state === "damaged" ? await recordsOf(w) : []) {
          await remove(key);
          await w.ports.archives.put(key, bytesOf(Uint8Array.of(1)));
        }
        await copy.archiver.catchUp();
        expect(await copy.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], refused: null });
      }
      await remove(...args);
    };
    await (operation === "gc" ? w.archiver.gc({ graceDays: 0 }) : w.archiver.sweep());
    expect(isFirst).toBe(false);
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(text);
  },
);

test("new output frees a session from what a copy may delete, and gc goes on", async () => {
  const w = world();
  const long = jsonl(4000);
  await makeSession(w, "s", long);
  await w.archiver.archive("s");
  const copy = await copyOf(w);
  const { archiveKey: old } = await copy.archiver.info("s");
  await w.archiver.restore("s");
  await w.archiver.archive("s");
  await copy.archiver.catchUp();
  await copy.archiver.recorder("s").append(text);
  await copy.archiver.archive("s");
  expect((await copy.archiver.info("s")).archiveKey).not.toBe(old);
  expect((await copy.archiver.gc({ graceDays: 0 })).keys).toContain(old);
  await copy.archiver.verify("s");
  expect(await readText(copy, "s")).toBe(long + text);
});

test("two copies of a store that both go on: neither collects what the other needs", async () => {
  const w = await archived("a", "b");
  const copy = await copyOf(w);
  await w.archiver.restore("a");
  await copy.archiver.pin("b", true);
  for (const one of [w, copy]) expect((await one.archiver.gc({ graceDays: 0 })).refused).not.toBeNull();
  for (const id of ["a", "b"]) expect(await readText(copy, id)).toBe(text);
});
