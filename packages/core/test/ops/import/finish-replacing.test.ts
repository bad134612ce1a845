/** Imports that replace the output, cut short or met by others. */
import { describe, expect, test } from "vitest";
import { KEY, RESTORED_PREFIX } from "../../../src/adapter.js";
import { ArchiverError, toBytes } from "../../../src/index.js";
import { DAY, metaOf, NOW, readText, type World } from "../../support.js";
import { sourceOf, streamOf } from "./sources.js";
import { FIRST, FROM_3, sessionIn, versionText } from "./support.js";

test("what a settle finishes for an import that died is whole, counted, and compared by the next import", async () => {
  for (const from of [(text: string) => sourceOf(text), (text: string) => streamOf(text)]) {
    const w = await sessionIn("archived");
    const { put } = w.ports.objects;
    w.ports.objects.put = async (id, meta, ...rest) => {
      if (meta[KEY.versions] !== undefined) throw new ArchiverError("UNAVAILABLE", "down");
      return put(id, meta, ...rest);
    };
    await expect(w.archiver.import("s", from(FROM_3))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    w.ports.objects.put = put;
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await w.archiver.sweep()).toMatchObject({ failedCount: 0 });
    expect(await readText(w, "s")).toBe(FROM_3);
    expect(await versionText(w, 1)).toBe(FIRST);
    expect(await w.archiver.info("s")).toMatchObject({ lineCount: 37, lastActivityMs: NOW - 30 * DAY + 39_000 });
    // The version of the old source is not taken for that of what the session holds now.
    expect((await metaOf(w))[KEY.source]).toEqual({ identity: "s" });
    const old = sourceOf(FIRST);
    expect(await w.archiver.import("s", old)).toMatchObject({ outcome: "older" });
    expect(await w.archiver.import("s", from(FROM_3))).toMatchObject({ outcome: "unchanged" });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  }
});

describe("while the output is replaced", () => {
  /** Calls `between` once the new output is there, before the commit. */
  function interrupted(w: World, between: () => Promise<unknown>): { calls: number } {
    const seen = { calls: 0 };
    const { create } = w.ports.blobs;
    w.ports.blobs.create = async (...args) => {
      const ref = await create(...args);
      if (args[0].name === "output" && args[1].startsWith(RESTORED_PREFIX) && seen.calls++ === 0) await between();
      return ref;
    };
    return seen;
  }

  test("reads give what it was until the commit, and a file that was opened before gives that after it", async () => {
    const w = await sessionIn("live");
    const before = await w.archiver.open("s");
    let during = "";
    interrupted(w, async () => {
      during = await readText(w, "s");
    });
    await w.archiver.import("s", sourceOf(FROM_3));
    expect(during).toBe(FIRST);
    expect(new TextDecoder().decode(await toBytes(before.read()))).toBe(FIRST);
    await w.archiver.archive("s");
    await w.archiver.gc({ graceDays: 0 });
    expect(new TextDecoder().decode(await toBytes(before.read({ start: 50 })))).toBe(FIRST.slice(50));
    expect(await readText(w, "s")).toBe(FROM_3);
  });

  test("appended output is in the kept version or in the current one", async () => {
    const w = await sessionIn("archived");
    const recorder = w.archiver.recorder("s");
    interrupted(w, () => recorder.append("mine\n"));
    expect(await w.archiver.import("s", sourceOf(FROM_3))).toMatchObject({ outcome: "replaced" });
    await recorder.append("and mine\n");
    await recorder.close();
    expect(await versionText(w, 1)).toBe(`${FIRST}mine\n`);
    expect(await readText(w, "s")).toBe(`${FROM_3}and mine\n`);
    expect((await w.archiver.info("s")).lineCount).toBe(38);
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test.each([
    ["settle", (w: World) => w.archiver.settle("s")],
    ["archive", (w: World) => w.archiver.archive("s")],
    ["sweep", (w: World) => w.archiver.sweep()],
    ["restore", (w: World) => w.archiver.restore("s")],
    ["pin", (w: World) => w.archiver.pin("s", true)],
    ["another import of the same", (w: World) => w.archiver.import("s", sourceOf(FROM_3))],
    ["gc", (w: World) => w.archiver.gc({ graceDays: 0 })],
    ["prune", (w: World) => w.archiver.prune({ maxTotalBytes: 0 })],
  ])("%s is harmless", async (_, other) => {
    for (const from of [sourceOf(FROM_3), streamOf(FROM_3)]) {
      const w = await sessionIn("archived");
      interrupted(w, () => other(w));
      expect(await w.archiver.import("s", from)).toMatchObject({ outcome: "replaced", rawBytes: FROM_3.length });
      expect(await readText(w, "s")).toBe(FROM_3);
      expect(await versionText(w, 1)).toBe(FIRST);
      expect((await w.archiver.info("s")).versions).toHaveLength(1);
      await w.archiver.settle("s");
      await w.archiver.gc({ graceDays: 0 });
      await w.archiver.verify("s");
    }
  });

  test("a tombstone that is set before there is new output is taken back, and told", async () => {
    const w = await sessionIn("archived");
    const { put } = w.ports.objects;
    w.ports.objects.put = async (id, meta, ...rest) => {
      const version = await put(id, meta, ...rest);
      if (meta[KEY.replacing] === undefined) return version;
      w.ports.objects.put = put;
      await w.archiver.prune({ maxTotalBytes: 0 });
      return version;
    };
    const text = FROM_3 + FIRST;
    expect(await w.archiver.import("s", sourceOf(text))).toMatchObject({ outcome: "replaced" });
    expect(await readText(w, "s")).toBe(text);
    expect(await versionText(w, 1)).toBe(FIRST);
  });

  test("a source that fails takes nothing with it", async () => {
    const w = await sessionIn("archived");
    const source = sourceOf(FROM_3);
    let reads = 0;
    const failing = {
      ...source,
      async *read(range: { readonly start: number; readonly end: number }) {
        yield* source.read({ start: range.start, end: Math.min(range.end, range.start + 1000) });
        if (reads++ > 0 || range.end > 1000) throw new Error("EIO");
      },
    };
    await expect(w.archiver.import("s", failing)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await metaOf(w)).not.toHaveProperty(KEY.replacing);
    expect(await w.archiver.info("s")).toMatchObject({ versions: [] });
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  });

  test("an archive that is not there is no version to keep: CORRUPT, and nothing changes", async () => {
    const w = await sessionIn("archived");
    const key = String((await metaOf(w))[KEY.archiveKey]);
    const before = await w.ports.objects.get("s");
    await w.ports.archives.delete(key);
    await expect(w.archiver.import("s", sourceOf(FROM_3))).rejects.toMatchObject({ code: "CORRUPT", key });
    expect(await w.ports.objects.get("s")).toEqual(before);
  });
});
