/** What archiving frees on disk, where the stores can tell. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf, createArchiver, memoryPorts, type Ports } from "../../src/index.js";

const BLOCK = 4096;

/** Stores whose every object takes a block, and whose sessions have a directory of two as long as they are live. */
function onDisk({ blobs, archives, ...rest }: Ports): Ports {
  return {
    ...rest,
    blobs: {
      ...blobs,
      async diskBytes(id) {
        const { length } = await Array.fromAsync(blobs.list(id));
        return length > 0 ? (2 + length) * BLOCK : 0;
      },
    },
    archives: { ...archives, diskBytes: async (key) => ((await archives.stat(key)) ? BLOCK : 0) },
  };
}

async function filled(ports: Ports): Promise<Ports> {
  for (const [id, sidecars] of [
    ["a", 0],
    ["b", 3],
  ] as const) {
    await ports.objects.put(id, { view: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
    for (const name of ["output", ...Array.from({ length: sidecars }, (_, n) => `s${n}`)]) {
      await ports.blobs.create({ id, name }, "1", bytesOf(new TextEncoder().encode("{}\n")));
    }
  }
  return ports;
}

test("an archive says what it has freed, and a sweep adds it up", async () => {
  const ports = await filled(onDisk(memoryPorts()));
  // a: directory and output, then an archive with its manifest. b: directory and four files, then four archives and a manifest.
  expect(await createArchiver(ports).archive("a")).toMatchObject({ outcome: "archived", diskBytesFreed: 2 * BLOCK });
  expect(await createArchiver(ports).archive("a")).not.toHaveProperty("diskBytesFreed");
  const more = await filled(onDisk(memoryPorts()));
  expect(await createArchiver(more).sweep()).toMatchObject({ archivedCount: 2, diskBytesFreed: 3 * BLOCK });
});

test.each(["blobs", "archives"] as const)("nothing is said if the %s can't tell, or fail to", async (which) => {
  const { diskBytes: _, ...silent } = onDisk(memoryPorts())[which];
  const whole = onDisk(memoryPorts());
  const failing = { ...whole[which], diskBytes: () => Promise.reject(new Error("no disk")) };
  for (const ports of [
    { ...onDisk(memoryPorts()), [which]: silent },
    { ...whole, [which]: failing },
  ]) {
    const report = await createArchiver(await filled(ports as Ports)).sweep();
    expect(report.archivedCount).toBe(2);
    expect(report).not.toHaveProperty("diskBytesFreed");
  }
});
