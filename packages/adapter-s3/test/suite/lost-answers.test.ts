/** Each request of a session's life is lost in turn, before it is done or after it was. Nobody notices. */

import { createArchiver, memoryPorts, toBytes } from "@session-archiver/core";
import { all, firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { type Fault, fail } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, test } from "vitest";
import { type FakeSink, failing, fakeSink } from "../support/sinks.js";

const SESSION = new TextEncoder().encode(
  Array.from({ length: 900 }, (_, n) => `{"n":${n},"text":"${"y".repeat(n % 90)}"}\n`).join(""),
);
const PART_BYTES = 5 * MIB;
const LONG = pattern(PART_BYTES + 1);

const FAULTS: readonly (readonly [what: string, fault: Fault, of: RegExp | undefined])[] = [
  ["lost before it is done", { lost: "before" }, undefined],
  ["done, and its answer lost", { lost: "after" }, undefined],
  ["done, and answered with 503", { answer: fail(503, "SlowDown"), isDone: true }, undefined],
  ["met by another write (409)", { answer: fail(409, "ConditionalRequestConflict") }, /^P/],
  ["answered with an error of status 200", { answer: fail(200, "InternalError") }, /^POST/],
  ["done, and answered with an error of status 200", { answer: fail(200, "InternalError"), isDone: true }, /^POST/],
];

async function sessionsLife({ sink }: FakeSink, n: number): Promise<void> {
  const archiver = createArchiver({ ...memoryPorts(), archives: sink });
  const id = `s${n}`;
  await archiver.import(id, inChunks(SESSION, 10_000));
  await archiver.archive(id);
  expect(firstDifference(await toBytes(archiver.read(id)), SESSION)).toBeUndefined();
  await archiver.restore(id);
  await archiver.gc({ graceDays: 0 });
}

async function longBodysLife({ sink }: FakeSink, n: number): Promise<void> {
  const key = `long ${n}`;
  await sink.put(key, inChunks(LONG, MIB));
  expect(firstDifference(await toBytes(sink.read(key)), LONG)).toBeUndefined();
  expect((await all(sink.list(key))).map((info) => info.key)).toContain(key);
  await sink.delete(key);
  expect(await sink.stat(key)).toBeUndefined();
}

/** Lives once for each of its requests, to which the fault happens. Resolves to how many there were. */
async function atEach(fake: FakeSink, life: typeof longBodysLife, fault: Fault, of: RegExp = /^/): Promise<number> {
  for (let n = 1; ; n++) {
    let seen = 0;
    fake.onRequest((request) => (of.test(request) && ++seen === n ? fault : undefined));
    await life(fake, n);
    fake.onRequest(() => undefined);
    if (seen < n) return n - 1;
  }
}

describe.each(["both", "put"] as const)("where conditions hold on %s, a request is", (createOnly) => {
  test.each(FAULTS)("%s", async (_, fault, of) => {
    const fake = await fakeSink({ createOnly }, { partBytes: PART_BYTES, createOnly });
    expect(await atEach(fake, longBodysLife, fault, of)).toBeGreaterThanOrEqual(of ? 2 : 9);
    // Of sessions, a claim is only one request more.
    if (!of && createOnly === "put") expect(await atEach(fake, sessionsLife, fault)).toBeGreaterThan(10);
    // What was begun twice, because the first answer was lost, is collected.
    for (const [id, upload] of fake.bucket.uploads) fake.bucket.uploads.set(id, { ...upload, initiated: 0 });
    await fake.sink.collectOrphans();
    expect(fake.bucket.uploads.size).toBe(0);
    expect([...fake.bucket.objects.keys()].filter((name) => /^p\/(long|\.claims\/long)/.test(name))).toEqual([]);
  });
});

describe("a write that is not answered", () => {
  test("is known for one's own by its token, at the first look", async () => {
    const fake = await fakeSink();
    fake.onRequest(failing(/^PUT/, { lost: "after" }));
    expect((await fake.sink.put("a", inChunks(pattern(9), 9))).size).toBe(9);
    expect(fake.taken()).toEqual(["PUT a", "PUT a", "HEAD a"]);
  });

  test("is known even if no try is answered", async () => {
    const fake = await fakeSink();
    fake.onRequest(failing(/^PUT/, { lost: "after" }, 5));
    expect((await fake.sink.put("a", inChunks(pattern(9), 9))).size).toBe(9);
  });

  test("is UNAVAILABLE if nothing is there, and may be tried again", async () => {
    const fake = await fakeSink();
    fake.onRequest(failing(/^PUT/, { lost: "before" }, 5));
    const put = () => fake.sink.put("a", inChunks(pattern(9), 9));
    await expect(put()).rejects.toMatchObject({ code: "UNAVAILABLE", key: "a", message: /connection to http/ });
    expect((await put()).size).toBe(9);
  });

  test("is CONFLICT if another one's is there, which stays", async () => {
    const fake = await fakeSink();
    await fake.sink.put("a", inChunks(pattern(5), 5));
    fake.onRequest(failing(/^PUT/, { lost: "before" }));
    await expect(fake.sink.put("a", inChunks(pattern(9), 9))).rejects.toMatchObject({ code: "CONFLICT", key: "a" });
    expect((await fake.sink.stat("a"))?.size).toBe(5);
  });

  test("is given up after the time limit, however long the connection stays open", async () => {
    const fake = await fakeSink();
    const sink = await fake.open({ timeoutMs: 30, tries: 2 });
    fake.onRequest(failing(/^PUT/, { hangs: true }, 2));
    const message = expect.stringContaining("no answer within 0.03 s");
    await expect(sink.put("a", inChunks(pattern(9), 9))).rejects.toMatchObject({ code: "UNAVAILABLE", message });
  });
});

describe("an upload that fails", () => {
  test.each<readonly [string, RegExp, Fault, string]>([
    ["a part is refused", /partNumber/, { answer: fail(403, "AccessDenied") }, "UNAVAILABLE"],
    ["there is no room", /partNumber/, { answer: fail(403, "QuotaExceeded") }, "QUOTA"],
    [
      "its completion fails with status 200",
      /^POST a\?uploadId/,
      { answer: fail(200, "InternalError") },
      "UNAVAILABLE",
    ],
    ["it can't be begun", /uploads$/, { answer: fail(503, "SlowDown") }, "UNAVAILABLE"],
  ])("because %s is aborted, and leaves nothing", async (_, pattern_, fault, code) => {
    for (const createOnly of ["both", "put"] as const) {
      const fake = await fakeSink({ createOnly });
      fake.onRequest(failing(pattern_, fault, 99));
      await expect(fake.sink.put("a", inChunks(pattern(17 * MIB), MIB))).rejects.toMatchObject({ code, key: "a" });
      expect(fake.bucket.uploads.size).toBe(0);
      expect(fake.bucket.objects.has("p/a")).toBe(false);
    }
  });

  test("because its body does is aborted, and the error passed on", async () => {
    const fake = await fakeSink();
    async function* body() {
      yield pattern(20 * MIB);
      throw new Error("the disk is gone");
    }
    await expect(fake.sink.put("a", body())).rejects.toThrow("the disk is gone");
    expect(fake.bucket.uploads.size).toBe(0);
    expect(await fake.sink.stat("a")).toBeUndefined();
  });
});

test("bytes that are changed on their way are refused, and sent again", async () => {
  const fake = await fakeSink();
  fake.onRequest(failing(/^PUT a/, { garbles: true }, 3));
  const long = pattern(9 * MIB);
  await fake.sink.put("a", inChunks(long, MIB));
  expect(firstDifference(await toBytes(fake.sink.read("a")), long)).toBeUndefined();
  fake.onRequest(failing(/^PUT/, { garbles: true }, 99));
  const put = fake.sink.put("b", inChunks(pattern(9), 9));
  await expect(put).rejects.toMatchObject({ code: "UNAVAILABLE", message: /changed on their way/ });
});
