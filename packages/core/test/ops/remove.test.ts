/** Removing sessions: nothing is left, and nothing else is touched. */
import { expect, test } from "vitest";
import { bytesOf } from "../../src/index.js";
import { dieAt } from "../faults.js";
import { encode, jsonl, keysOf, makeSession, readText, recordsOf, type World, world } from "../support.js";

const text = jsonl(5);

async function leftOf(w: World, id: string): Promise<unknown[]> {
  const blobs = await Array.fromAsync(w.ports.blobs.list(id));
  const object = await w.ports.objects.get(id);
  return [...blobs, ...(object ? [object] : []), ...(await keysOf(w))];
}

test.each(["live", "archived", "resumed", "restored", "kept", "pruned", "pinned"])(
  "of a %s session nothing is left",
  async (state) => {
    const w = world();
    await makeSession(w, "s", text);
    await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
    if (state !== "live") await w.archiver.archive("s");
    if (state === "resumed") await w.archiver.recorder("s").append("more\n");
    if (state === "restored") await w.archiver.restore("s");
    if (state === "kept") await w.archiver.restore("s", { keepArchive: true });
    if (state === "pruned") await w.archiver.pruneSession("s");
    if (state === "pinned") await w.archiver.pin("s", true);
    const removed = await w.archiver.remove("s");
    expect(removed.liveBytesFreed + removed.archiveBytesFreed).toBeGreaterThan(0);
    expect(await leftOf(w, "s")).toEqual([]);
    expect(w.events.filter(({ type }) => type === "removed")).toHaveLength(1);
    await expect(w.archiver.info("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(w.archiver.remove("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
  },
);

test("a session whose id begins like another's is removed alone", async () => {
  const w = world();
  for (const id of ["s", "s.t", "s.20260101t000000000z"]) {
    await makeSession(w, id, text);
    await w.archiver.archive(id);
  }
  await w.archiver.remove("s");
  for (const id of ["s.t", "s.20260101t000000000z"]) expect(await readText(w, id)).toBe(text);
  expect(await keysOf(w)).toHaveLength(4);
});

test("cut short anywhere, the session counts as gone, and the next sweep or gc removes the rest", async () => {
  for (let stop = 1; ; stop++) {
    const w = world();
    await makeSession(w, "s", text, { "session:last_activity_ms": 1, "session:line_count": 5 });
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("more\n");
    const revive = dieAt(w, stop);
    const done = await w.archiver.remove("s").then(
      () => true,
      () => false,
    );
    revive();
    const object = await w.ports.objects.get("s");
    const isBegun = object !== undefined && object.meta["session:removing_at"] !== undefined;
    if (isBegun) {
      await expect(w.archiver.info("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(await Array.fromAsync(w.archiver.list())).toEqual([]);
      expect((await w.archiver.verifyAll()).bad).toEqual([]);
      if (stop % 2) await w.archiver.gc({ graceDays: 0 });
      else await w.archiver.sweep();
    } else if (object) {
      expect(await readText(w, "s")).toBe(`${text}more\n`);
      await w.archiver.remove("s");
    }
    expect([stop, await leftOf(w, "s")]).toEqual([stop, []]);
    if (done) break;
    expect(stop).toBeLessThan(100);
  }
});

test("a recorder makes the session anew, also where its removal was cut short", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const revive = dieAt(w, 4);
  await w.archiver.remove("s").catch(() => {});
  revive();
  await using recorder = w.archiver.recorder("s", { create: { title: "new" } });
  await recorder.append("new\n");
  expect(await readText(w, "s")).toBe("new\n");
  expect(await keysOf(w)).toEqual([]);
});

test("an archive that holds more than the catalogue knows is not removed unasked", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const before = await w.ports.objects.get("s");
  await w.archiver.recorder("s").append("more\n");
  await w.archiver.archive("s");
  const after = await w.ports.objects.get("s");
  await w.ports.objects.put("s", before?.meta ?? {}, after?.version ?? null);
  await expect(w.archiver.remove("s")).rejects.toMatchObject({ code: "CONFLICT", id: "s" });
  expect(await keysOf(w)).toHaveLength(4);
  await w.archiver.remove("s", { unknown: "delete" });
  expect(await leftOf(w, "s")).toEqual([]);
});

test("hundreds of sessions, removed both ways, leave an empty sink", async () => {
  const w = world();
  for (let n = 0; n < 150; n++) {
    await makeSession(w, `s${n}`, "x\n");
    await w.archiver.archive(`s${n}`);
    if (n % 2) {
      await w.archiver.remove(`s${n}`);
      continue;
    }
    const object = await w.ports.objects.get(`s${n}`);
    await w.ports.objects.delete(`s${n}`, object?.version ?? "");
  }
  expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], unknown: { count: 150 }, refused: null });
  expect((await w.archiver.gc({ graceDays: 0, unknown: "delete" })).keys).toHaveLength(150);
  expect(await keysOf(w)).toEqual([]);
  expect((await recordsOf(w)).length).toBeLessThanOrEqual(66);
});

test.each(["append", "restore"])(
  "what a removal was too early to see, of an %s under way, is not left either",
  async (what) => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const { create } = w.ports.blobs;
    w.ports.blobs.create = async (...args) => {
      w.ports.blobs.create = create;
      await w.archiver.remove("s");
      return create(...args);
    };
    const recorder = w.archiver.recorder("s");
    const call = what === "append" ? recorder.append("late\n") : w.archiver.restore("s");
    await expect(call).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await leftOf(w, "s")).toEqual([]);
  },
);
