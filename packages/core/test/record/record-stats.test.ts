/** The counts and times that a recorder keeps: when they are written, and that they are right. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KEY } from "../../src/adapter.js";
import { createArchiver, toBytes } from "../../src/index.js";
import { jsonl, makeSession, metaOf, readText, type World, world } from "../support.js";

function countPuts(w: World): () => number {
  let puts = 0;
  const { put } = w.ports.objects;
  w.ports.objects.put = (...args) => {
    puts++;
    return put(...args);
  };
  return () => puts;
}

describe("a recorder", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test("counts what is appended while a flush loads the count", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {}, statsEveryMs: 1e9 });
    await recorder.append("a\n");
    await recorder.flush();
    const { append } = w.ports.blobs;
    w.ports.blobs.append = () => Promise.reject(new Error("no"));
    await expect(recorder.append("lost\n")).rejects.toThrow("no"); // forgets the count
    w.ports.blobs.append = append;
    await recorder.append("b\n");
    const { put } = w.ports.objects;
    let isMeanwhile = false;
    w.ports.objects.put = async (...args) => {
      if (!isMeanwhile && args[1]["session:line_count"] === 2) {
        isMeanwhile = true;
        await recorder.append("c\n");
      }
      return put(...args);
    };
    await recorder.flush();
    expect(isMeanwhile).toBe(true);
    await recorder.flush();
    expect(await metaOf(w)).toMatchObject({ "session:line_count": 3 });
    await recorder.append("d\n");
    await recorder.close();
    expect(await readText(w, "s")).toBe("a\nb\nc\nd\n");
    expect((await metaOf(w))["session:line_count"]).toBe(4);
  });

  test("writes the metadata at once, then at most once a second, and on close", async () => {
    const w = world();
    await makeSession(w, "s", "");
    const puts = countPuts(w);
    const recorder = w.archiver.recorder("s");
    await recorder.append("1\n");
    await vi.advanceTimersByTimeAsync(0);
    expect(puts()).toBe(1);
    for (let i = 0; i < 50; i++) {
      w.now += 10;
      await recorder.append("x\n");
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(puts()).toBe(1);
    w.now += 500;
    await vi.advanceTimersByTimeAsync(500);
    expect(puts()).toBe(2);
    expect((await metaOf(w))["session:line_count"]).toBe(51);
    w.now += 1;
    await recorder.append("y\n");
    await recorder.close();
    expect(puts()).toBe(3);
    expect((await metaOf(w))["session:line_count"]).toBe(52);
  });

  test("a stats timer that comes early by the clock does not stop later appends", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {} });
    await recorder.append("a\n");
    await vi.advanceTimersByTimeAsync(0);
    await recorder.append("b\n");
    w.now += 999;
    await vi.advanceTimersByTimeAsync(1000);
    let appended = false;
    void recorder.append("c\n").then(() => {
      appended = true;
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(appended).toBe(true);
    expect(await readText(w, "s")).toBe("a\nb\nc\n");
  });

  test("goes on counting where the last one stopped, also within a line, without reading all", async () => {
    const w = world();
    const first = w.archiver.recorder("s", { create: {} });
    await first.append("a\nb");
    await first.close();
    let read = 0;
    const { read: readBlob } = w.ports.blobs;
    w.ports.blobs.read = (at, range, op) => {
      read += (range?.end ?? at.size) - (range?.start ?? 0);
      return readBlob(at, range, op);
    };
    const second = w.archiver.recorder("s");
    await second.append("b\nc\n");
    await second.close();
    expect((await metaOf(w))["session:line_count"]).toBe(3);
    expect(read).toBe(4); // just what was appended
  });

  test("catches up with output that a crash left uncounted", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(10), { "session:line_count": 3 });
    const recorder = w.archiver.recorder("s");
    await recorder.append("{}\n");
    await recorder.close();
    expect((await metaOf(w))["session:line_count"]).toBe(11);
  });
});

test("defect: stats that were written while the session was archived and purged took its tombstone away", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.archive("s");
  let looks = 0;
  const recorder = createArchiver({
    ...w.ports,
    blobs: {
      ...w.ports.blobs,
      // Each time the recorder has seen that its output is live, all of it is given up.
      async stat(key, op) {
        const ref = await w.ports.blobs.stat(key, op);
        await giveUp();
        return ref;
      },
      async *list(id, op) {
        yield* w.ports.blobs.list(id, op);
        await giveUp();
      },
    },
  }).recorder("s", { statsEveryMs: 1e9 });
  const giveUp = async (): Promise<void> => {
    if (!closing || looks++ > 0) return;
    await w.archiver.archive("s");
    await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  };
  let closing = false;
  await recorder.append("2\n");
  closing = true;
  await recorder.close();
  expect(looks).toBeGreaterThan(0);
  await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED" });
});

test("defect: a clock that was set back kept the stats from being written", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  const recorder = w.archiver.recorder("s", { statsEveryMs: 1000 });
  await recorder.append("2\n");
  await recorder.flush();
  w.now -= 40 * 24 * 60 * 60 * 1000;
  await recorder.append("3\n");
  await expect.poll(() => w.archiver.info("s").then(({ lineCount }) => lineCount)).toBe(3);
  await recorder.close();
});

test("defect: negative counts in the metadata kept a recorder from ever writing its stats", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  const object = await w.ports.objects.get("s");
  const wrong = { [KEY.countedTo]: { bytes: -5, newlines: 3, openLine: 7 }, [KEY.lineCount]: 3 };
  await w.ports.objects.put("s", { ...object?.meta, ...wrong }, object?.version ?? "");
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect((await w.archiver.info("s")).lineCount).toBe(4);
});
