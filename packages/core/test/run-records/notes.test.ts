/** The store's own notes. */
import { expect, test } from "vitest";
import { archived, text } from "../catalogues.js";
import { readText, world } from "../support.js";

test("damaged notes are an error, not a new identity", async () => {
  const w = await archived("s");
  const own = await w.ports.objects.ownMeta?.get();
  await w.ports.objects.ownMeta?.put({ id: 7 }, own?.version ?? null);
  const later = world(w.ports);
  await expect(later.archiver.storeId()).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(later.archiver.gc()).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await readText(later, "s")).toBe(text);
});
