/** New output of an archived session is marked, so that the next sweep finds it, whoever settles at the same time. */
import { expect, test } from "vitest";
import { KEY } from "../src/adapter.js";
import { bytesOf, createArchiver, type Ports, toBytes } from "../src/index.js";
import { makeSession, world } from "./support.js";

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

test("defect: stats that were written while the session was archived and purged took its tombstone away", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.archive("s");
  let looks = 0;
  const recorder = createArchiver({
    ...w.ports,
    blobs: {
      ...w.ports.blobs,
      // Each time the recorder has seen that its output is live, all of it is given up.
      async stat(key, op) {
        const ref = await w.ports.blobs.stat(key, op);
        await giveUp();
        return ref;
      },
      async *list(id, op) {
        yield* w.ports.blobs.list(id, op);
        await giveUp();
      },
    },
  }).recorder("s", { statsEveryMs: 1e9 });
  const giveUp = async (): Promise<void> => {
    if (!closing || looks++ > 0) return;
    await w.archiver.archive("s");
    await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  };
  let closing = false;
  await recorder.append("2\n");
  closing = true;
  await recorder.close();
  expect(looks).toBeGreaterThan(0);
  await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED" });
});

test("defect: a clock that was set back kept the stats from being written", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  const recorder = w.archiver.recorder("s", { statsEveryMs: 1000 });
  await recorder.append("2\n");
  await recorder.flush();
  w.now -= 40 * 24 * 60 * 60 * 1000;
  await recorder.append("3\n");
  await expect.poll(() => w.archiver.info("s").then(({ lineCount }) => lineCount)).toBe(3);
  await recorder.close();
});

test("defect: a read of a session that was purged and written to again went on with the new bytes", async () => {
  const w = world();
  await makeSession(w, "s", "first\n");
  await w.archiver.archive("s");
  const file = await w.archiver.open("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  await w.archiver.recorder("s").append("2\n");
  await expect(toBytes(file.read())).rejects.toMatchObject({ code: "PRUNED" });
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s")))).toBe("2\n");
});

test("defect: a restore that was slower than a prune and a purge brought the session back", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.archive("s");
  const slow = createArchiver({
    ...w.ports,
    blobs: {
      ...w.ports.blobs,
      async create(key, generation, body, op) {
        const bytes = await toBytes(body);
        await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
        await w.archiver.pruneSession("s");
        await w.archiver.prune({ graceDays: 0 });
        return w.ports.blobs.create(key, generation, bytesOf(bytes), op);
      },
    },
  });
  await expect(slow.restore("s")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED" });
  expect((await w.archiver.info("s")).state).toBe("pruned");
  expect(await w.archiver.settle("s")).toBe(2);
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
});
