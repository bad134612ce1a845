import { expect, test } from "vitest";
import { jsonl, makeSession, type World, world } from "../support.js";

const text = jsonl(5);

async function archived(...ids: string[]): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, text);
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

test("an empty catalogue beside archives does not pass for whole", async () => {
  const w = await archived("s");
  const lost = world({ archives: w.ports.archives });
  expect(await lost.archiver.lacksCatalogue()).toBe(true);
  expect((await lost.archiver.verifyAll()).bad).toMatchObject([{ code: "CORRUPT" }]);
  expect(await w.archiver.lacksCatalogue()).toBe(false);
  const empty = world();
  expect(await empty.archiver.lacksCatalogue()).toBe(false);
  expect(await empty.archiver.verifyAll()).toEqual({ checked: 0, bad: [] });
});
