import { describe, expect, test } from "vitest";
import { memoryBlobs, memoryObjects } from "../../src/adapter.js";
import type { Ports } from "../../src/index.js";
import { jsonl, makeSession, type World, world } from "../support.js";

const text = jsonl(5);

async function archived(...ids: string[]): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, text);
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

/** Another catalogue that holds what this one holds now: a backup of it, or a copied home. */
async function copyOf(w: World): Promise<World> {
  const objects = memoryObjects();
  const blobs = memoryBlobs();
  for await (const { id, meta } of w.ports.objects.list()) {
    await objects.put(id, meta, null);
    for await (const blob of w.ports.blobs.list(id))
      await blobs.create(blob.key, blob.generation, w.ports.blobs.read(blob));
  }
  const own = await w.ports.objects.ownMeta?.get();
  if (own) await objects.ownMeta?.put(own.meta, null);
  const ports: Ports = { objects, blobs, archives: w.ports.archives };
  const copy = world(ports);
  copy.now = w.now;
  return copy;
}

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

  test("a removal, a purge and a restore: what they gave up is told", async () => {
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
