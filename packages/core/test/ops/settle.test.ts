import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { createArchiver, type Ports, toBytes } from "../../src/index.js";
import { makeSession, world } from "../support.js";

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
