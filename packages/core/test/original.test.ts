/** The original system's own tests, in our words, and its documented behaviour. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { countLines, sessionIdOf } from "../src/format.js";
import { hasCode, toBytes } from "../src/index.js";
import { DAY, keysOf, makeSession, NOW, readText, world } from "./support.js";

const OLD = { "session:last_activity_ms": NOW - 10 * DAY, "session:line_count": 2 };
const TWO_LINES = '{"a":1}\n{"b":2}\n';

describe("the original's tests", () => {
  test("a sweep archives one session that was idle for ten days, and its live blob is gone", async () => {
    const w = world();
    await makeSession(w, "s", TWO_LINES, OLD);
    const report = await w.archiver.sweep({ inactiveDays: 1, maxTotalBytes: 2 * 1024 ** 3 });
    expect(report).toMatchObject({ archivedCount: 1, failedCount: 0, liveBytesFreed: TWO_LINES.length });
    expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
    const object = await w.ports.objects.get("s");
    expect(object?.meta["session:archived_at"]).toBeGreaterThan(0);
    expect(object?.meta["session:archived_bytes"]).toBe(TWO_LINES.length);
    expect(await keysOf(w)).toContain(object?.meta["session:archive_path"]);
  });

  test.each([
    ["", 0],
    ["line1\n", 1],
    ["line1\nline2\n", 2],
    [" \n\nline3\n", 1],
    ["no end", 1],
    ["\r\n\t\u00a0\u3000\n", 0],
    ["\ufeff\n", 1],
  ])("countLines(%j) is %i", (text, lines) => {
    expect(countLines(text)).toBe(lines);
  });

  test("countLines tolerates invalid UTF-8", () => {
    expect(countLines(Uint8Array.of(0xff, 10, 0xc2, 10, 32, 0xe2, 0x80))).toBe(3);
  });

  test("the archive is gzip of the output", async () => {
    const w = world();
    await makeSession(w, "s", TWO_LINES);
    await w.archiver.archive("s");
    const path = String((await w.ports.objects.get("s"))?.meta["session:archive_path"]);
    expect(gunzipSync(await toBytes(w.ports.archives.read(path))).toString()).toBe(TWO_LINES);
  });
});

describe("the original's behaviour", () => {
  test("a missing or empty output archives to nothing and says so", async () => {
    const w = world();
    await makeSession(w, "empty", "");
    await w.ports.objects.put("missing", { view: "agent" }, null);
    for (const id of ["empty", "missing"]) {
      const before = await w.ports.objects.get(id);
      expect(await w.archiver.archive(id)).toMatchObject({ outcome: "empty", rawBytes: 0, archivedAt: NOW });
      expect(await w.ports.objects.get(id)).toEqual(before);
    }
    expect(await keysOf(w)).toEqual([]);
  });

  test("an unknown id is NOT_FOUND", async () => {
    const { archiver } = world();
    const calls = [
      archiver.archive("x"),
      archiver.restore("x"),
      archiver.verify("x"),
      archiver.settle("x"),
      archiver.info("x"),
      archiver.undoPrune("x"),
      archiver.pin("x", true),
      archiver.recorder("x").append("{}\n"),
      toBytes(archiver.read("x")),
      toBytes(archiver.tail("x", 1)),
      toBytes(archiver.lines("x", { from: 0 })),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "NOT_FOUND", id: "x" });
  });

  test("restoring a session that is not archived is an error that names it", async () => {
    const w = world();
    await makeSession(w, "s", TWO_LINES);
    await expect(w.archiver.restore("s")).rejects.toThrow(/"s"/);
  });

  test("restore brings the bytes back and removes the archive's keys", async () => {
    const w = world();
    await makeSession(w, "s", TWO_LINES, { title: "mine" });
    await w.archiver.archive("s");
    expect(await w.archiver.restore("s")).toMatchObject({ id: "s", rawBytes: TWO_LINES.length });
    expect(await readText(w, "s")).toBe(TWO_LINES);
    const live = await w.ports.blobs.stat({ id: "s", name: "output" });
    expect(live?.size).toBe(TWO_LINES.length);
    const { "session:given_up": givenUp, ...meta } = (await w.ports.objects.get("s"))?.meta ?? {};
    expect(meta).toEqual({
      view: "agent",
      title: "mine",
      "session:line_count": 2,
      "session:counted_to": { bytes: TWO_LINES.length, newlines: 2, openLine: false },
      "session:restored_at": NOW,
    });
    // What has to be deleted still.
    expect((givenUp as string[]).toSorted()).toEqual(await keysOf(w));
  });

  test.each([
    ["another view", { view: "terminal", ...OLD }],
    ["no last activity", { "session:line_count": 2 }],
    ["an activity of 0", { ...OLD, "session:last_activity_ms": 0 }],
    ["no line count", { "session:last_activity_ms": NOW - 10 * DAY }],
    ["no lines", { ...OLD, "session:line_count": 0 }],
    ["recent activity", { ...OLD, "session:last_activity_ms": NOW - DAY + 1 }],
    ["a pin", { ...OLD, "session:pinned": true }],
  ])("a sweep leaves a session with %s alone", async (_, meta) => {
    const w = world();
    await makeSession(w, "s", TWO_LINES, meta);
    expect(await w.archiver.sweep({ inactiveDays: 1 })).toMatchObject({ archivedCount: 0, failedCount: 0 });
    expect(await keysOf(w)).toEqual([]);
  });

  test("a session idle for exactly the threshold is archived", async () => {
    const w = world();
    await makeSession(w, "s", TWO_LINES, { ...OLD, "session:last_activity_ms": NOW - DAY });
    expect((await w.archiver.sweep({ inactiveDays: 1 })).archivedCount).toBe(1);
  });

  test("one failure is reported and the sweep goes on", async () => {
    const w = world();
    for (const id of ["a", "b", "c"]) await makeSession(w, id, TWO_LINES, OLD);
    const { put } = w.ports.archives;
    w.ports.archives.put = (key, body, op) => {
      if (sessionIdOf(key) === "b") throw Object.assign(new Error("no room"), { code: "QUOTA" });
      return put(key, body, op);
    };
    const report = await w.archiver.sweep({ inactiveDays: 1 });
    expect(report).toMatchObject({ archivedCount: 2, failedCount: 1 });
    expect(report.failures).toEqual([{ id: "b", code: "QUOTA", message: "no room" }]);
    expect(await readText(w, "b")).toBe(TWO_LINES);
  });

  test("hasCode knows errors by their code, not their class", () => {
    expect(hasCode({ code: "CONFLICT" }, "NOT_FOUND", "CONFLICT")).toBe(true);
    expect(hasCode(new Error("x"), "CONFLICT")).toBe(false);
    expect(hasCode(undefined, "CONFLICT")).toBe(false);
  });
});
