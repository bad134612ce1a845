import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Meta } from "../src/index.js";
import { DAY, jsonl, makeSession, NOW, readText, type World, world } from "./support.js";

function countPuts(w: World): () => number {
  let puts = 0;
  const { put } = w.ports.objects;
  w.ports.objects.put = (...args) => {
    puts++;
    return put(...args);
  };
  return () => puts;
}

async function metaOf(w: World, id = "s"): Promise<Meta> {
  return (await w.ports.objects.get(id))?.meta ?? {};
}

describe("a recorder", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("creates the session, appends in order, keeps the stats", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: { title: "mine" } });
    await Promise.all([recorder.append("a\n"), recorder.append("\n"), recorder.append("b")]);
    w.now += 5;
    await recorder.append("c\n");
    await recorder.close();
    expect(await readText(w, "s")).toBe("a\n\nbc\n");
    expect(await metaOf(w)).toMatchObject({
      view: "agent",
      title: "mine",
      "session:start_ts_ms": NOW,
      "session:last_activity_ms": NOW + 5,
      "session:line_count": 2,
    });
    await expect(recorder.append("x")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
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

  test.each([
    ["an object", { type: "user" }],
    ["a number", 5],
    ["an array", [1, 2]],
    ["nothing", undefined],
    ["null", null],
    ["a view of other numbers", new Float64Array(2)],
    ["a buffer without a view", new ArrayBuffer(2)],
  ])("refuses to append %s, and loses nothing by it", async (_, output) => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {} });
    const first = recorder.append("a\n");
    await expect(recorder.append(output as unknown as string)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      id: "s",
      message: expect.stringContaining("appendJson"),
    });
    await Promise.all([first, recorder.append(new TextEncoder().encode("b\n"))]);
    await recorder.close();
    expect(await readText(w, "s")).toBe("a\nb\n");
  });

  test("keeps what a Buffer held when it was appended", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {} });
    const buffer = Buffer.from("mine\n");
    const done = recorder.append(buffer);
    buffer.fill("x");
    await done;
    await recorder.close();
    expect(await readText(w, "s")).toBe("mine\n");
  });

  test("appends values as lines of JSON", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {} });
    const values = [{ type: "user", text: "a\nb" }, [1], "text", 5, null, true, { at: new Date(NOW) }];
    await Promise.all(values.map((value) => recorder.appendJson(value)));
    await recorder.close();
    expect(await readText(w, "s")).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
    expect((await metaOf(w))["session:line_count"]).toBe(values.length);
    await expect(recorder.appendJson({})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("refuses values that JSON can't hold, and writes nothing of them", async () => {
    const w = world();
    const recorder = w.archiver.recorder("s", { create: {} });
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const throwing = {
      toJSON(): never {
        throw new TypeError("not me");
      },
    };
    for (const value of [undefined, () => {}, Symbol("s"), 5n, { deep: [5n] }, cycle, throwing]) {
      await expect(recorder.appendJson(value)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id: "s" });
    }
    await recorder.appendJson({ a: 1 });
    await recorder.close();
    expect(await readText(w, "s")).toBe('{"a":1}\n');
  });

  test.each([
    ["live", async () => {}],
    ["archived", (w: World) => w.archiver.archive("s")],
  ] as const)("that knows what the session holds appends there or not at all: %s", async (_, prepare) => {
    const w = world();
    await makeSession(w, "s", "a\n");
    await prepare(w);
    const mine = w.archiver.recorder("s", { at: 2 });
    const other = w.archiver.recorder("s", { at: 2 });
    const results = await Promise.allSettled([mine.append("b\n"), other.append("b\n")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
    const winner = results[0]?.status === "fulfilled" ? mine : other;
    await winner.append("c\n");
    await w.archiver.recorder("s").append("theirs\n");
    await expect(winner.append("d\n")).rejects.toMatchObject({ code: "CONFLICT" });
    await Promise.all([mine.close(), other.close()]);
    expect(await readText(w, "s")).toBe("a\nb\nc\ntheirs\n");
    const late = w.archiver.recorder("s", { at: 2 });
    await expect(late.append("b\n")).rejects.toMatchObject({ code: "CONFLICT" });
    await late.close();
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

  test("appends made while one is written share the next write", async () => {
    const w = world();
    await makeSession(w, "s", "");
    let appends = 0;
    const { append } = w.ports.blobs;
    w.ports.blobs.append = (...args) => {
      appends++;
      return append(...args);
    };
    const recorder = w.archiver.recorder("s");
    await Promise.all(Array.from({ length: 100 }, (_, i) => recorder.append(`${i}\n`)));
    expect(appends).toBe(2);
    expect(await readText(w, "s")).toBe(Array.from({ length: 100 }, (_, i) => `${i}\n`).join(""));
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

  test("a failed append rejects, leaves nothing, and the next one works", async () => {
    const w = world();
    await makeSession(w, "s", "0\n");
    const recorder = w.archiver.recorder("s");
    const { append } = w.ports.blobs;
    w.ports.blobs.append = async () => {
      throw Object.assign(new Error("full"), { code: "QUOTA" });
    };
    await expect(recorder.append("1\n")).rejects.toMatchObject({ code: "QUOTA" });
    w.ports.blobs.append = append;
    await recorder.append("2\n");
    await recorder.close();
    expect(await readText(w, "s")).toBe("0\n2\n");
    expect((await metaOf(w))["session:line_count"]).toBe(2);
  });

  test.each(["append", "create"] as const)(
    "an %s that was done but reported UNAVAILABLE is not done twice",
    async (method) => {
      const w = world();
      await makeSession(w, "s", "0\n");
      if (method === "create") await w.archiver.archive("s");
      const original = w.ports.blobs[method] as (...args: unknown[]) => Promise<unknown>;
      let failed = false;
      Object.assign(w.ports.blobs, {
        [method]: async (...args: unknown[]) => {
          const result = await original(...args);
          if (failed) return result;
          failed = true;
          throw Object.assign(new Error("timed out"), { code: "UNAVAILABLE" });
        },
      });
      const recorder = w.archiver.recorder("s");
      await recorder.append("1\n");
      await recorder.append("2\n");
      await recorder.close();
      expect(await readText(w, "s")).toBe("0\n1\n2\n");
      expect((await metaOf(w))["session:line_count"]).toBe(3);
    },
  );
});

test("a pruned session that is written to in its grace period is taken back whole", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 10 });
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect(await readText(w, "s")).toBe(`${jsonl(3)}more\n`);
  expect((await w.archiver.info("s")).state).toBe("resumed");
});

test("output that raced with a prune is read at once", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  const { create } = w.ports.blobs;
  w.ports.blobs.create = async (...args) => {
    w.ports.blobs.create = create;
    await w.archiver.settle("s");
    await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
    return create(...args);
  };
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  expect(await readText(w, "s")).toBe("more\n");
  await recorder.close();
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", lineCount: 1 });
  expect(await readText(w, "s")).toBe("more\n");
});

test("a purged session that is written to starts anew, and says what was lost", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect(await readText(w, "s")).toBe("more\n");
  const info = await w.archiver.info("s");
  expect(info).toMatchObject({ state: "live", lineCount: 1 });
  expect(info.meta["session:lost_bytes"]).toBe(jsonl(3).length);
});

test("a recorder on an archived session marks it, so that a sweep finds the new output", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3));
  await w.archiver.archive("s");
  w.now += DAY;
  await w.archiver.recorder("s").append("more\n");
  expect((await metaOf(w))["session:resumed_at"]).toBe(NOW + DAY);
});
