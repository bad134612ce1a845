/** Copies of a store that work at the same time: no bytes are deleted that neither has elsewhere. */
import { expect, test } from "vitest";
import { memoryBlobs, memoryObjects } from "../../../src/adapter.js";
import { ArchiverError, bytesOf, createArchiver } from "../../../src/index.js";
import { copyOf, text } from "../../catalogues.js";
import { DAY, encode, jsonl, keysOf, makeSession, readText, recordsOf, type World, world } from "../../support.js";
import { append } from "../parts/support.js";

const more = jsonl(5, 2);

interface Gate {
  /** Resolves once something waits at the gate. */
  readonly reached: Promise<void>;
  pass(): Promise<void>;
  open(): void;
}

function gate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    pass() {
      reached.resolve();
      return opened.promise;
    },
    open: opened.resolve,
  };
}

/** Holds the first commit of an archive of "s". */
function holdCommit({ ports: { objects } }: World, then = async (): Promise<void> => {}): Gate {
  const held = gate();
  const { put } = objects;
  let isFirst = true;
  objects.put = async (...args) => {
    if (isFirst && args[0] === "s" && args[1]["session:archive_files"]) {
      isFirst = false;
      await held.pass();
      await then();
    }
    return put.apply(objects, args);
  };
  return held;
}

/** Holds the first delete of an archive through this world's ports. */
function holdDelete(w: World): Gate {
  const held = gate();
  const sink = w.ports.archives;
  const { delete: remove } = sink;
  let isFirst = true;
  sink.delete = async (...args) => {
    if (isFirst) {
      isFirst = false;
      await held.pass();
    }
    return remove.apply(sink, args);
  };
  return held;
}

/** A new catalogue for the same sink. */
function rebuiltFrom(w: World): World {
  const made = world({ objects: memoryObjects(), blobs: memoryBlobs(), archives: w.ports.archives });
  made.now = w.now;
  return made;
}

const reads = (worlds: readonly World[]): Promise<string[]> =>
  Promise.all(worlds.map((w) => readText(w, "s").catch(String)));

async function pinAndUnpin(w: World): Promise<void> {
  w.now += 1000;
  for (const isPinned of [true, false]) await w.archiver.pin("other", isPinned);
}

/** "s" is live; another session has given the store its id. */
async function live(): Promise<World> {
  const w = world();
  await makeSession(w, "other", text);
  await w.archiver.archive("other");
  await makeSession(w, "s", text);
  return w;
}

/** "s" is archived by a store, and by a copy of it whose commit is held. */
async function bothArchive() {
  const w = await live();
  const copy = await copyOf(w);
  await w.archiver.archive("s");
  const commit = holdCommit(copy);
  const archiving = copy.archiver.archive("s");
  await commit.reached;
  return { w, copy, commit, archiving };
}

test("a copy that catches up does not commit an archive that gc is about to delete", async () => {
  const { w, copy, commit, archiving } = await bothArchive();
  const deletion = holdDelete(w);
  const collecting = w.archiver.gc({ graceDays: 0 });
  await deletion.reached;
  await copy.archiver.catchUp();
  commit.open();
  await expect(archiving).rejects.toMatchObject({ code: "CONFLICT" });
  await copy.archiver.gc({ graceDays: 0 });
  deletion.open();
  await collecting;
  expect(await reads([w, copy])).toContain(text);
});

test("a catalogue that is made anew proves nothing by what gc is about to delete", async () => {
  const w = await live();
  await w.archiver.archive("s");
  await append(w, more);
  w.now += 1000;
  const commit = holdCommit(w, () => Promise.reject(new ArchiverError("UNAVAILABLE", "the process has died")));
  const archiving = w.archiver.archive("s").catch(() => undefined);
  await commit.reached;
  commit.open();
  await archiving;
  w.now += 2 * DAY;
  const deletion = holdDelete(w);
  const collecting = w.archiver.gc();
  await deletion.reached;
  const next = rebuiltFrom(w);
  await next.archiver.rebuild();
  await next.archiver.gc();
  deletion.open();
  await collecting;
  expect(await reads([w, next])).toContain(text + more);
});

test("an archive that is given up before its commit stays if a catalogue made anew needs it", async () => {
  const w = await live();
  await w.archiver.archive("s");
  await append(w, more);
  w.now += 2 * DAY;
  const commit = holdCommit(w, () => Promise.reject(new ArchiverError("ABORTED", "stopped")));
  const archiving = w.archiver.archive("s");
  await commit.reached;
  const next = rebuiltFrom(w);
  await next.archiver.rebuild();
  await next.archiver.gc();
  commit.open();
  await expect(archiving).rejects.toMatchObject({ code: "ABORTED" });
  expect(await reads([w, next])).toContain(text + more);
});

test("a record that a copy combines with others while it is looked for is found in the new one", async () => {
  const w = await live();
  for (let i = 0; i < 31; i++) await pinAndUnpin(w);
  const copy = await copyOf(w);
  await w.archiver.restore("other");
  const sink = copy.ports.archives;
  let isFirst = true;
  const slow = createArchiver({
    ...copy.ports,
    archives: {
      ...sink,
      async *list(...args) {
        const listed = await Array.fromAsync(sink.list(...args));
        if (isFirst && listed.some(({ key }) => key.includes("/runs/"))) {
          isFirst = false;
          for (let i = 0; i < 2; i++) await pinAndUnpin(w);
          expect((await recordsOf(w)).length).toBeLessThan(10);
        }
        yield* listed;
      },
    },
  });
  expect((await slow.gc({ graceDays: 0 })).refused).not.toBeNull();
  expect(isFirst).toBe(false);
});

test("live bytes stay if a copy's gc was faster than the commit of their archive", async () => {
  const { w, copy, commit, archiving } = await bothArchive();
  copy.now = w.now += 2 * DAY;
  expect((await w.archiver.gc()).keys).not.toEqual([]);
  commit.open();
  expect((await archiving).liveBytesFreed).toBe(0);
  await copy.archiver.salvage("s");
  expect(await readText(copy, "s")).toBe(text);
});

test.each(["a kept archive", "a version", "a sidecar", "nothing else"])(
  "after catching up, a session with %s is archived anew once, and gc goes on",
  async (what) => {
    const w = world();
    let all = jsonl(4000);
    await w.archiver.import("s", bytesOf(encode(all)));
    if (what === "a sidecar") await w.ports.blobs.create({ id: "s", name: "side" }, "1", bytesOf(encode(text)));
    await w.archiver.archive("s");
    const copy = await copyOf(w);
    await w.archiver.restore("s"); // and then the newer catalogue is lost
    expect((await copy.archiver.catchUp()).records).toBe(1);
    if (what === "a kept archive") await copy.archiver.restore("s", { keepArchive: true });
    if (what === "a version") {
      all = jsonl(3000, 77);
      await copy.archiver.import("s", bytesOf(encode(all)), { rewritten: "replace" });
    }
    await copy.archiver.archive("s");
    const counts: number[] = [];
    for (let round = 1; round <= 6; round++) {
      copy.now += DAY;
      const lines = jsonl(3, round + 7);
      await append(copy, lines);
      all += lines;
      await copy.archiver.archive("s");
      expect((await copy.archiver.gc({ graceDays: 0 })).unknown.count).toBe(0);
      counts.push((await keysOf(copy)).length);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(Math.min(...counts) + 2);
    await copy.archiver.verify("s");
    expect(await readText(copy, "s")).toBe(all);
  },
);
