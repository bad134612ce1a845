/** Imports of sessions that have a tombstone. */
import { describe, expect, test } from "vitest";
import { ArchiverError } from "../../../src/index.js";
import { jsonl, readText, type World, world } from "../../support.js";
import { sourceOf, streamOf, WAYS } from "./sources.js";

const FIRST = jsonl(40, 1);

async function pruned(purge: boolean): Promise<World> {
  const w = world();
  await w.archiver.import("s", sourceOf(FIRST));
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s", { reason: "old" });
  if (purge) await w.archiver.prune({ graceDays: 0 });
  w.events.length = 0;
  return w;
}

const GROWN = FIRST + jsonl(9, 2);

describe.each(WAYS)("a session with a tombstone, and %s", (_, from) => {
  test.each([
    ["whose bytes are there", false],
    ["whose bytes are given up", true],
  ])("%s, that has not gone on: nothing is done", async (_, purge) => {
    const w = await pruned(purge);
    const before = (await w.ports.objects.get("s"))?.meta;
    const rawBytes = purge ? 0 : FIRST.length;
    for (const text of [FIRST, FIRST.slice(0, 500)]) {
      expect(await w.archiver.import("s", from(text))).toEqual({ id: "s", outcome: "pruned", rawBytes, addedBytes: 0 });
    }
    expect((await w.ports.objects.get("s"))?.meta).toEqual(before);
    expect(w.events).toEqual([]);
    await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
  });

  test("whose bytes are there: what came is appended, and told", async () => {
    const w = await pruned(false);
    const addedBytes = GROWN.length - FIRST.length;
    const done = await w.archiver.import("s", from(GROWN));
    expect(done).toEqual({ id: "s", outcome: "revived", rawBytes: GROWN.length, addedBytes });
    expect(w.events).toEqual([{ type: "revived", id: "s", from: "pruned", lostBytes: 0 }]);
    expect(await readText(w, "s")).toBe(GROWN);
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(GROWN);
  });

  test.each([
    ["gone on", GROWN],
    ["been rewritten at the same length", FIRST.replace("user", "USER")],
    ["been rewritten, and is longer", `{"type":"compacted"}\n${FIRST}`],
  ])("whose bytes are given up, that has %s: all of it is taken in again, and told", async (_, text) => {
    const w = await pruned(true);
    const done = await w.archiver.import("s", from(text));
    expect(done).toEqual({ id: "s", outcome: "revived", rawBytes: text.length, addedBytes: text.length });
    expect(w.events).toEqual([{ type: "revived", id: "s", from: "purged", lostBytes: FIRST.length }]);
    expect(await readText(w, "s")).toBe(text);
    const info = await w.archiver.info("s");
    expect(info).toMatchObject({ state: "live", lost: { bytes: FIRST.length, reason: "old" } });
    expect(info.lineCount).toBe(text.split("\n").length - 1);
    expect(await w.archiver.import("s", from(text))).toMatchObject({ outcome: "unchanged" });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(text);
  });
});

test("a source of a known version of a session that was given up is not read", async () => {
  const w = await pruned(true);
  const source = sourceOf(FIRST);
  expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "pruned" });
  expect(source.bytesRead()).toBe(0);
});

test("what was about to be taken in again counts for nothing before the commit; a settle, or an import, makes it", async () => {
  for (const finish of [
    (w: World) => w.archiver.settle("s"),
    (w: World) => w.archiver.sweep(),
    (w: World) => w.archiver.import("s", streamOf(GROWN)),
  ]) {
    const w = await pruned(true);
    const { put } = w.ports.objects;
    let puts = 0;
    w.ports.objects.put = async (...args) => {
      if (puts++ > 0) throw new ArchiverError("UNAVAILABLE", "down");
      return put(...args);
    };
    await expect(w.archiver.import("s", sourceOf(GROWN))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    w.ports.objects.put = put;
    await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
    await finish(w);
    expect(await readText(w, "s")).toBe(GROWN);
    expect(w.events.filter(({ type }) => type === "revived")).toHaveLength(1);
    expect(await w.archiver.info("s")).toMatchObject({ state: "live", lineCount: 49, lost: { bytes: FIRST.length } });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  }
});
