/** Hosts that delete sessions leave nothing behind, however they delete them. */
import { createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { expect, test } from "vitest";

const SESSIONS = 1000;
/** On a busy machine. */
const SLOW = { timeout: 300_000 };

/** Creates and archives them; some are resumed and archived again, some restored, some pruned. */
async function archived(ports: Ports): Promise<readonly string[]> {
  const archiver = createArchiver({ ...ports, policy: { maxTotalBytes: Number.POSITIVE_INFINITY } });
  const ids = Array.from({ length: SESSIONS }, (_, i) => `session ${i}`);
  for (const [i, id] of ids.entries()) {
    await write(ports, id);
    await archiver.archive(id);
    if (i % 5 === 1) await write(ports, id);
    if (i % 5 === 2) {
      await write(ports, id);
      await archiver.archive(id);
    }
    if (i % 5 === 3) await archiver.restore(id, { keepArchive: i % 2 === 0 });
    if (i % 5 === 4) await archiver.pruneSession(id);
  }
  return ids;
}

async function write(ports: Ports, id: string): Promise<void> {
  const recorder = createArchiver(ports).recorder(id, { create: {} });
  await recorder.append(`{"id":"${id}"}\n`);
  await recorder.close();
}

async function keysOf({ archives }: Ports): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of archives.list()) keys.push(key);
  return keys;
}

/** What is left apart from run records. There must be few records. */
async function expectEmpty(ports: Ports): Promise<void> {
  const keys = await keysOf(ports);
  expect(keys.filter((key) => !key.includes("/runs/"))).toEqual([]);
  expect(keys.length).toBeLessThan(100);
}

test("1,000 sessions that the archiver removes leave an empty sink", SLOW, async () => {
  const ports = memoryPorts();
  const archiver = createArchiver(ports);
  for (const id of await archived(ports)) await archiver.remove(id);
  await expectEmpty(ports);
  await archiver.gc({ graceDays: 0 });
  await expectEmpty(ports);
  expect(await Array.fromAsync(ports.objects.list())).toEqual([]);
});

test(
  "1,000 sessions whose objects a host deletes leave nothing after a gc that may delete unknown archives",
  SLOW,
  async () => {
    const ports = memoryPorts();
    for (const id of await archived(ports)) {
      for await (const blob of ports.blobs.list(id)) await ports.blobs.delete(blob);
      const object = await ports.objects.get(id);
      if (object) await ports.objects.delete(id, object.version);
    }
    const before = await keysOf(ports);
    const archiver = createArchiver(ports);
    const kept = await archiver.gc({ graceDays: 0 });
    expect(kept.keys).toEqual([]);
    expect(kept.unknown.count).toBeGreaterThan(SESSIONS);
    expect((await keysOf(ports)).length).toBe(before.length);
    await archiver.gc({ graceDays: 0, unknown: "delete" });
    await expectEmpty(ports);
  },
);
