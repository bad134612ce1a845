/** What a rebuild brings to a catalogue that was set back or lost, and what gc then makes of it. */
import { expect, test } from "vitest";
import { memoryBlobs, memoryObjects } from "../../../src/adapter.js";
import { ArchiverError, createArchiver } from "../../../src/index.js";
import { archived, copyOf, text } from "../../catalogues.js";
import { DAY, jsonl, makeSession, metaOf, readText, type World, world } from "../../support.js";
import { append } from "../parts/support.js";

const more = jsonl(5, 2);

/** Without its catalogue and its live bytes. */
function lost(w: World): World {
  const next = world({ objects: memoryObjects(), blobs: memoryBlobs(), archives: w.ports.archives });
  next.now = w.now;
  return next;
}

test("bytes that a restore gave up for live ones come back to a backup, once those are lost", async () => {
  const w = await archived("s");
  const backup = await copyOf(w);
  await append(w, more);
  w.now += 1000;
  await w.archiver.archive("s");
  await w.archiver.restore("s");
  backup.now = w.now += 2 * DAY;
  expect((await backup.archiver.rebuild()).merged).toEqual(["s"]);
  expect(await readText(backup, "s")).toBe(text + more);
  expect((await backup.archiver.rebuild()).merged).toEqual([]);
  expect((await backup.archiver.gc()).refused).toBeNull();
});

test("what a purge has left is not news to a catalogue that was made anew: gc and prune go on", async () => {
  const w = await archived("s", "other");
  w.now += 1000;
  await w.archiver.pruneSession("s");
  const dying = createArchiver({
    ...w.ports,
    now: () => w.now,
    archives: {
      ...w.ports.archives,
      delete: () => Promise.reject(new ArchiverError("UNAVAILABLE", "the process has died")),
    },
  });
  expect((await dying.prune({ graceDays: 0 })).purgedCount).toBe(1);
  w.now += 3 * DAY;
  const next = lost(w);
  await next.archiver.rebuild();
  expect(await next.archiver.gc()).toMatchObject({ keys: [], refused: null, unknown: { count: 2 } });
  await next.archiver.pruneSession("other");
  expect(await next.archiver.prune({ graceDays: 0 })).toMatchObject({ purgedCount: 1, refused: null });
});

test("what came after a purge is still news to a catalogue that was set back", async () => {
  const w = await archived("s");
  w.now += 1000;
  await w.archiver.pruneSession("s");
  await w.archiver.prune({ graceDays: 0 });
  const backup = await copyOf(w);
  w.now += 1000;
  await append(w, more);
  await w.archiver.archive("s");
  backup.now = w.now += 3 * DAY;
  await backup.archiver.catchUp();
  expect((await backup.archiver.gc()).refused).toContain('session "s"');
});

test.each([
  ["restored", false],
  ["restored, its archive kept,", true],
] as const)(
  "a session that was %s and archived again while the clock was set back has its last title",
  async (_, keepArchive) => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.update("s", (meta) => ({ ...meta, title: "old" }));
    await w.archiver.archive("s");
    await w.archiver.restore("s", { keepArchive });
    await w.archiver.update("s", (meta) => ({ ...meta, title: "new" }));
    w.now -= 5000;
    await w.archiver.archive("s");
    const next = lost(w);
    expect((await next.archiver.rebuild()).liveLost).toEqual([]);
    expect(await metaOf(next)).toMatchObject({ title: "new" });
    expect((await next.archiver.info("s")).archiveKey).toBe((await w.archiver.info("s")).archiveKey);
  },
);
