import { expect, test } from "vitest";
import { jsonl, makeSession, readText, type World, world } from "../support.js";

const text = jsonl(5);

async function archived(...ids: string[]): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, text);
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

test("damaged notes are an error, not a new identity", async () => {
  const w = await archived("s");
  const own = await w.ports.objects.ownMeta?.get();
  await w.ports.objects.ownMeta?.put({ id: 7 }, own?.version ?? null);
  const later = world(w.ports);
  await expect(later.archiver.storeId()).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(later.archiver.gc()).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await readText(later, "s")).toBe(text);
});
