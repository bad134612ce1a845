/** The recorder: what it takes, in which order it stands, and what it refuses. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeSession, metaOf, NOW, readText, world } from "../support.js";

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
});
