/** What went wrong once when a catalogue was made anew. */
import { expect, test } from "vitest";
import { bytesOf, createArchiver } from "../../../src/index.js";
import { archived, text } from "../../catalogues.js";
import { encode, jsonl, keysOf, makeSession, metaOf, readText, recordsOf, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { knownOf, lose, play, playOn } from "./histories.js";

test("defect: a session that is purged a second time has no live output to miss", async () => {
  const { w, last } = await play(["append", "archive", "prune", "purge", "append", "archive", "prune", "purge"]);
  const next = lose(w, "both", w.ports.archives);
  expect((await next.archiver.rebuild()).liveLost).toEqual([]);
  expect(await knownOf(next)).toEqual(last);
});

test("defect: a new session with the id of a removed one gets neither its pin nor its archives", async () => {
  const w = await archived("s");
  await w.archiver.pin("s", true);
  const { delete: forget } = w.ports.archives;
  w.ports.archives.delete = async () => {}; // as if the deletes had been cut short
  await w.archiver.remove("s");
  w.ports.archives.delete = forget;
  w.now += 1000;
  await makeSession(w, "s", jsonl(3, 9));
  await w.archiver.archive("s");
  for (const key of await keysOf(w)) if (key.endsWith(".json") && key.includes("1000z")) await forget(key);
  const next = lose(w, "both", w.ports.archives);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], withVersions: [], liveLost: [] });
  expect(await readText(next, "s")).toBe(jsonl(3, 9));
  expect((await next.archiver.info("s")).pinned).toBe(false);
});

test("defect: a purge that is on record, and was given up because of an undo, is not believed", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const other = createArchiver({ ...w.ports, now: () => w.now });
  const { list } = w.ports.archives;
  w.ports.archives.list = async function* (...args) {
    if (String(args[0]).includes("/s.")) {
      w.ports.archives.list = list;
      await other.undoPrune("s");
    }
    yield* list(...args);
  };
  expect(await w.archiver.prune({ graceDays: 0 })).toMatchObject({ purgedCount: 0 });
  expect(w.ports.archives.list).toBe(list);
  expect((await w.archiver.info("s")).state).toBe("archived");
  const next = lose(w, "both", w.ports.archives);
  await next.archiver.rebuild();
  expect(await readText(next, "s")).toBe(text);
});

test("defect: no tombstone is believed if a record can't be read, in which it may have been taken back", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const before = new Set(await recordsOf(w));
  w.now += 1000;
  await w.archiver.undoPrune("s");
  const [undo = ""] = (await recordsOf(w)).filter((key) => !before.has(key));
  await w.ports.archives.delete(undo);
  await w.ports.archives.put(undo, bytesOf(encode("torn")));
  const next = lose(w, "both", w.ports.archives);
  expect((await next.archiver.rebuild()).unreadableRecords).toEqual([undo]);
  expect((await next.archiver.info("s")).state).toBe("archived");
});

test("defect: a sidecar that is missing from the sink is still missed afterwards", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.ports.blobs.create({ id: "s", name: "times" }, "live-times", bytesOf(encode("1\n")));
  await w.archiver.archive("s");
  const [sidecar = ""] = (await keysOf(w)).filter((key) => /\.\d+\.gz$/.test(key));
  await w.ports.archives.delete(sidecar);
  const keys = await keysOf(w);
  const before = await metaOf(w);
  const next = lose(w, "both", w.ports.archives);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], failures: [] });
  expect(await metaOf(next)).toEqual(before);
  expect(await keysOf(next)).toEqual(keys);
  await expect(next.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
});

test("defect: output that is in live blobs alone comes back, where only the objects are lost", async () => {
  const { w, last } = await play(["append", "archive", "restore", "gc", "append", "pin"]);
  const next = lose(w, "objects", w.ports.archives);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], liveLost: [] });
  expect(await knownOf(next)).toMatchObject({ output: last?.output, info: { state: "live", pinned: true } });
  await playOn(next, ["archive"]);
  expect((await knownOf(next))?.output).toBe(last?.output);
});

test("defect: an import of a purged session is no late copy of what was purged", async () => {
  const { w } = await play(["append", "archive", "prune", "purge"]);
  await w.archiver.import("s", sourceOf(jsonl(3, 7)));
  const next = lose(w, "objects", w.ports.archives);
  await next.archiver.rebuild();
  expect(await readText(next, "s")).toBe(jsonl(3, 7));
});

test("defect: a late copy of what was purged does not come back", async () => {
  const { w, last } = await play(["append", "archive"]);
  await playOn(w, ["prune", "purge"]);
  const late = encode(last?.output ?? "");
  await w.ports.blobs.create({ id: "s", name: "output" }, "restored-late", bytesOf(late));
  const next = lose(w, "objects", w.ports.archives);
  await next.archiver.rebuild();
  expect((await next.archiver.info("s")).state).toBe("pruned");
});

test("defect: output that was archived since is not said to be lost because a manifest is", async () => {
  const { w, last } = await play(["append", "archive", "append", "archive"]);
  const [, newest = ""] = (await keysOf(w)).filter((key) => key.endsWith(".json"));
  await w.ports.archives.delete(newest);
  const next = lose(w, "both", w.ports.archives);
  expect(await next.archiver.rebuild()).toMatchObject({ made: ["s"], liveLost: [] });
  expect((await knownOf(next))?.output).toBe(last?.output);
});

test("defect: new output is no copy of the archive, though it holds the same lines as its beginning", async () => {
  const same = "append of the same" as const;
  for (const steps of [
    [same, same, "archive", same],
    [same, "archive", same, "archive", same, same],
  ] as const) {
    const { w, last } = await play(steps);
    const next = lose(w, "objects", w.ports.archives);
    await next.archiver.rebuild();
    await playOn(next, ["settle", "archive"]);
    expect((await knownOf(next))?.output).toBe(last?.output);
  }
});
