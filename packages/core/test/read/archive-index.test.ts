/** What is read of an archive whose manifest is lost. */
import { expect, test } from "vitest";
import { keysOf, linesOf, longLines, makeSession, readText, type World, world } from "../support.js";
import { decode } from "./support.js";

const lose = async (w: World): Promise<void> => {
  for (const key of await keysOf(w)) if (key.endsWith(".json")) await w.ports.archives.delete(key);
};

test("a session is read, merged and restored all the same, with a warning; verify reports it", async () => {
  const w = world();
  await makeSession(w, "s", longLines(1300));
  await w.archiver.archive("s");
  await lose(w);
  expect(await readText(w, "s")).toBe(longLines(1300));
  expect(await decode(w.archiver.tail("s", 1))).toBe(linesOf(longLines(1300)).at(-1));
  expect(w.events.some((event) => event.type === "warning" && event.id === "s")).toBe(true);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
  await w.archiver.recorder("s").append("more\n");
  await w.archiver.archive("s");
  await w.archiver.verify("s");
  await lose(w);
  await w.archiver.restore("s");
  expect(await readText(w, "s")).toBe(`${longLines(1300)}more\n`);
});
