/** Sessions in the archive, and a second catalogue over the same sink. */
import { memoryBlobs, memoryObjects } from "../src/adapter.js";
import type { Ports } from "../src/index.js";
import { jsonl, makeSession, type World, world } from "./support.js";

export const text = jsonl(5);

/** Another catalogue that holds what this one holds now: a backup of it, or a copied home. */
export async function copyOf(w: World): Promise<World> {
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

export async function archived(...ids: string[]): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, text);
  for (const id of ids) await w.archiver.archive(id);
  return w;
}
