/** The last look before bytes are given up. */
import { describe, expect, test } from "vitest";
import { memoryArchives, memoryBlobs, memoryObjects } from "../../../src/adapter.js";
import { createArchiver, type OwnMeta, type Ports } from "../../../src/index.js";
import { DAY, jsonl, makeSession, readText, type World, world } from "../../support.js";

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
  test("the middle of an undo, when its record was noted and nothing done: a purge finishes the undo", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    let backup: World | undefined;
    const own = w.ports.objects.ownMeta as OwnMeta;
    const put: OwnMeta["put"] = async (...args) => {
      const version = await own.put(...args);
      backup ??= await copyOf(w);
      return version;
    };
    const objects = { ...w.ports.objects, ownMeta: { get: own.get, put } };
    await world({ ...w.ports, objects }).archiver.undoPrune("s");
    expect((await backup?.archiver.info("s"))?.state).toBe("pruned");
    expect(await backup?.archiver.prune({ graceDays: 0 })).toMatchObject({ refused: null, archiveBytesFreed: 0 });
    expect((await backup?.archiver.info("s"))?.state).toBe("archived");
    expect(await readText(w, "s")).toBe(text);
    if (backup) backup.now += DAY;
    await backup?.archiver.pruneSession("s");
    expect((await backup?.archiver.prune({ graceDays: 0 }))?.archiveBytesFreed).toBeGreaterThan(0);
  });
});

test("in another store's sink a purge gives nothing up, and says that it is another", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const swapped = createArchiver({ ...w.ports, archives: memoryArchives(), now: () => w.now });
  const report = await swapped.prune(PURGE);
  expect(report).toMatchObject({ purgedCount: 0, failures: [{ id: "s", code: "CORRUPT" }] });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(text);
});
