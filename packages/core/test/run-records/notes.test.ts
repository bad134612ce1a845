/** The store's own notes. */
import { expect, test } from "vitest";
import { memoryPorts, type OwnMeta } from "../../src/index.js";
import { storeNotes } from "../../src/run-records/notes.js";
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

test("defect: many changes at once made one another lose their swaps, until some gave up", async () => {
  const { ownMeta } = memoryPorts().objects;
  let puts = 0;
  const slow: OwnMeta = {
    get: async (op) => {
      const stored = await ownMeta?.get(op);
      await new Promise((resolve) => setImmediate(resolve)); // as a database that answers in its own time
      return stored;
    },
    put: async (...given) => {
      puts++;
      if (!ownMeta) throw new Error("Memory keeps metadata of its own.");
      return ownMeta.put(...given);
    },
  };
  const notes = storeNotes(slow, () => "0123456789abcdef");
  const keys = Array.from({ length: 120 }, (_, n) => `r${n}`);
  await Promise.all(keys.map((key) => notes.change(({ records }) => ({ records: [...records, key] }))));
  expect((await notes.read())?.records).toEqual(keys);
  expect(puts).toBe(keys.length);
});
