/** Settling: what something has cut short is finished, what is finished is left alone, and nobody's new output is missed. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { createArchiver, type Ports, toBytes } from "../../src/index.js";
import { dieAt, unreachable } from "../faults.js";
import { eventsOf, keysOf, makeSession, readText, type World, world } from "../support.js";
import { inState, STATES } from "./states.js";

test.each(STATES)("a settled %s session is left alone, without an event", async (state) => {
  const w = await inState(state);
  const before = [await w.ports.objects.get("s"), await Array.fromAsync(w.ports.blobs.list("s")), await keysOf(w)];
  w.events.length = 0;
  expect(await w.archiver.settle("s")).toBe(0);
  expect([await w.ports.objects.get("s"), await Array.fromAsync(w.ports.blobs.list("s")), await keysOf(w)]).toEqual(
    before,
  );
  expect(w.events).toEqual([]);
});

/** Archived, with its live blob still there. */
async function unsettled(): Promise<World> {
  const w = world();
  await makeSession(w, "s", "1\n");
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = unreachable;
  await w.archiver.archive("s");
  w.ports.blobs.delete = remove;
  w.events.length = 0;
  return w;
}

test("live bytes that the archive holds are deleted, reported and told, once", async () => {
  const w = await unsettled();
  expect(await w.archiver.settle("s")).toBe(2);
  expect(await w.archiver.settle("s")).toBe(0);
  expect(w.events).toEqual([{ type: "settled", id: "s", liveBytesFreed: 2 }]);
  expect(await w.archiver.info("s")).toMatchObject({ state: "archived", liveBytes: 0 });
  expect(await readText(w, "s")).toBe("1\n");
});

test("they stay where the archive is not there as it was committed: CORRUPT", async () => {
  const w = await unsettled();
  const { archiveKey } = await w.archiver.info("s");
  await w.ports.archives.delete(archiveKey ?? "");
  await expect(w.archiver.settle("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s", key: archiveKey });
  expect((await w.ports.blobs.stat({ id: "s", name: "output" }))?.size).toBe(2);
});

test("a restore whose blobs are all there is committed", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.archive("s");
  const { put } = w.ports.objects;
  let puts = 0;
  w.ports.objects.put = (...args) => (puts++ === 0 ? put(...args) : unreachable());
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.objects.put = put;
  expect(await w.archiver.settle("s")).toBe(0);
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", liveBytes: 2, archiveBytes: 0 });
});

test("a removal is finished: what it frees is live bytes, and the session is gone", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = unreachable;
  await expect(w.archiver.remove("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.blobs.delete = remove;
  expect(await w.archiver.settle("s")).toBe(2);
  expect(eventsOf(w, "removed")).toHaveLength(1);
  await expect(w.archiver.settle("s")).rejects.toMatchObject({ code: "NOT_FOUND", id: "s" });
});

test("stopped, it deletes nothing, and the next one does", async () => {
  const w = await unsettled();
  await expect(w.archiver.settle("s", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  const revive = dieAt(w, 1);
  await expect(w.archiver.settle("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  revive();
  expect(await w.archiver.settle("s")).toBe(2);
});

async function archived(): Promise<Ports> {
  const w = world();
  await makeSession(w, "s", "1\n", { "session:last_activity_ms": 1, "session:line_count": 1 });
  await w.archiver.archive("s");
  return w.ports;
}

async function isFoundBySweep(ports: Ports): Promise<void> {
  const archiver = createArchiver(ports);
  expect((await ports.objects.get("s"))?.meta[KEY.resumedAt]).toBeGreaterThan(0);
  expect((await archiver.sweep({ inactiveDays: 0 })).archivedCount).toBe(1);
  expect(new TextDecoder().decode(await toBytes(archiver.read("s")))).toBe("1\n2\n");
  expect(await ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
}

test("defect: a settle between the mark of new output and its first byte left it unmarked", async () => {
  const ports = await archived();
  const blobs: Ports["blobs"] = {
    ...ports.blobs,
    async create(...args) {
      await createArchiver(ports).settle("s");
      return ports.blobs.create(...args);
    },
  };
  // As if the process had died once the bytes were acknowledged: the stats are never written.
  await createArchiver({ ...ports, blobs })
    .recorder("s", { statsEveryMs: 1e9 })
    .append("2\n");
  await isFoundBySweep(ports);
});

test("defect: a settle that looked before the first byte of new output took its mark away after it", async () => {
  const ports = await archived();
  let write = async (): Promise<void> => {
    write = async () => {};
    await createArchiver(ports).recorder("s", { statsEveryMs: 1e9 }).append("2\n");
  };
  const marked = createArchiver({
    ...ports,
    blobs: {
      ...ports.blobs,
      async create() {
        throw new Error("the process died");
      },
    },
  });
  await expect(marked.recorder("s").append("lost\n")).rejects.toThrow("the process died");
  const objects: Ports["objects"] = {
    ...ports.objects,
    async put(...args) {
      await write();
      return ports.objects.put(...args);
    },
  };
  await createArchiver({ ...ports, objects }).settle("s");
  await isFoundBySweep(ports);
});
