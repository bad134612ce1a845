/** Numbered lines of a session that was made anew, purged, or has another manifest under the reader. */
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { encode, makeSession, world } from "../../support.js";
import { append } from "./support.js";

test("a session that was removed and made anew, longer, is read as it is now", async () => {
  const w = world();
  await append(w, "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lines(0, 9)).toHaveLength(2);
  await w.archiver.remove("s");
  await expect(lines.refresh()).rejects.toMatchObject({ code: "NOT_FOUND" });
  await append(w, "another\nsession\nof three lines\n");
  await lines.refresh();
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["another", "session", "of three lines"]);
});

test("so is one that was archived again, and one whose host gives its blobs no names of their own", async () => {
  const w = world();
  await makeSession(w, "s", "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lineCount()).toBe(2);
  await w.archiver.remove("s");
  await makeSession(w, "s", "x\n");
  await lines.refresh();
  expect(await lines.lines(0, 9)).toMatchObject([{ text: "x" }]);
  expect(await lines.lineCount()).toBe(1);
  await w.archiver.archive("s");
  await lines.refresh();
  expect(await lines.lineCount()).toBe(1);
  await w.archiver.remove("s");
  await append(w, "another\n and longer\n");
  await w.archiver.archive("s");
  await lines.refresh();
  expect(await lines.lineCount()).toBe(2);
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["another", " and longer"]);
});

test("a session that was purged and written to again is read as it is now", async () => {
  const w = world();
  await append(w, "one\ntwo\n");
  const lines = await w.archiver.openLines("s");
  expect(await lines.lineCount()).toBe(2);
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  await expect(lines.refresh()).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  await w.archiver.prune({ graceDays: 0 });
  await append(w, "from here on\nit is new\nand longer\n");
  await lines.refresh();
  expect((await lines.lines(0, 9)).map(({ text }) => text)).toEqual(["from here on", "it is new", "and longer"]);
});

test("a manifest that is not the one that was committed is not believed", async () => {
  const w = world();
  await append(w, "one\ntwo\nthree\n");
  await w.archiver.archive("s");
  const key = String((await w.ports.objects.get("s"))?.meta[KEY.manifestKey]);
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (asked, range, op) {
    for await (const chunk of read(asked, range, op)) {
      const text = new TextDecoder().decode(chunk);
      // As large, and a manifest still, but of other line ends.
      yield asked === key ? encode(text.replace('"newlines":3', '"newlines":7')) : chunk;
    }
  };
  const [line, count] = [await w.archiver.openLines("s"), await w.archiver.openLines("s")];
  expect(await line.lines(1, 2)).toMatchObject([{ index: 1, text: "two" }]);
  expect(await count.lineCount()).toBe(3);
});
