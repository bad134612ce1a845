/** An archive whose bytes lie in a longer one. */
import { expect, test } from "vitest";
import { archived, copyOf, text } from "../../catalogues.js";
import { DAY, jsonl, readText } from "../../support.js";
import { append } from "../parts/support.js";

test("what a catalogue names that was set back is salvaged from the archive that went on from it", async () => {
  const [more, newest] = [jsonl(5, 2), jsonl(1, 3)];
  const w = await archived("s");
  await append(w, more);
  w.now += 1000;
  const backup = await copyOf(w);
  await w.archiver.archive("s");
  w.now += 2 * DAY;
  expect((await w.archiver.gc()).keys).not.toEqual([]);
  backup.now = w.now;
  await backup.archiver.catchUp();
  await append(backup, newest);
  await expect(readText(backup, "s")).rejects.toMatchObject({ code: "CORRUPT" });
  expect((await backup.archiver.salvage("s")).outcome).toBe("mended");
  expect(await readText(backup, "s")).toBe(text + more + newest);
  await backup.archiver.archive("s");
  await backup.archiver.verify("s");
});
