/** Reads over connections that break, and servers that answer in other ways. */

import { toBytes } from "@session-archiver/core";
import { firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { fail } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, test } from "vitest";
import { failing, fakeSink } from "../support/sinks.js";

const BYTES = pattern(2 * MIB);

async function withArchive(behaviour: Parameters<typeof fakeSink>[0] = {}) {
  const fake = await fakeSink(behaviour);
  await fake.sink.put("a", inChunks(BYTES, MIB));
  fake.taken();
  const read = async (start?: number, end?: number) => {
    return toBytes(fake.sink.read("a", start === undefined ? undefined : { start, end }));
  };
  return { ...fake, read };
}

describe("reading", () => {
  test.each([0, 1, 100_000, MIB])("goes on where the answer broke off, after %d bytes", async (cutAfter) => {
    const { read, onRequest, taken } = await withArchive();
    onRequest(failing(/^GET a/, { cutAfter }, 3));
    expect(firstDifference(await read(), BYTES)).toBeUndefined();
    onRequest(failing(/^GET a/, { cutAfter }, 3));
    expect(firstDifference(await read(77, 2 * MIB - 3), BYTES.slice(77, -3))).toBeUndefined();
    expect(taken().length).toBeGreaterThanOrEqual(3);
  });

  test("an answer that always breaks off is UNAVAILABLE", async () => {
    const { read, onRequest } = await withArchive();
    onRequest(failing(/^GET a/, { cutAfter: 0 }, 99));
    await expect(read()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("an archive that was replaced half-way is NOT_FOUND, and no byte of the other one is given", async () => {
    const { read, onRequest, bucket } = await withArchive();
    onRequest((request) => {
      if (!/^GET a/.test(request)) return undefined;
      onRequest(() => {
        bucket.set("p/a", Buffer.from(pattern(2 * MIB, 9)), {});
        onRequest(() => undefined);
        return undefined;
      });
      return { cutAfter: MIB };
    });
    await expect(read()).rejects.toMatchObject({ code: "NOT_FOUND", key: "a" });
  });

  test("a server that doesn't know ranges gives more, which is left out", async () => {
    const { read } = await withArchive({ ranges: false });
    for (const [start, end] of [
      [0, 10],
      [10, 1000],
      [MIB, 2 * MIB],
      [5, 5],
      [3 * MIB, 4 * MIB],
    ] as const) {
      expect(firstDifference(await read(start, end), BYTES.slice(start, end))).toBeUndefined();
    }
  });

  test("a refused range is empty only if it lies beyond the end", async () => {
    const { read, onRequest, sink } = await withArchive();
    expect(await read(2 * MIB, 3 * MIB)).toHaveLength(0);
    onRequest(failing(/^GET a/, { answer: fail(416, "InvalidRange") }, 2));
    await expect(read(5, 9)).rejects.toMatchObject({ code: "UNAVAILABLE", message: /refuses a range from 5/ });
    // The size is asked for if it isn't said.
    expect(await read(2 * MIB, 3 * MIB)).toHaveLength(0);
    await expect(toBytes(sink.read("b", { start: 5 }))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(toBytes(sink.read("b", { start: 5, end: 5 }))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("an archive in a cold tier is UNAVAILABLE, and says what brings it back", async () => {
    const { bucket, open, read } = await withArchive();
    const cold = bucket.objects.get("p/a");
    if (cold) bucket.objects.set("p/a", { ...cold, headers: { ...cold.headers, "x-amz-storage-class": "GLACIER" } });
    await expect(read()).rejects.toMatchObject({ code: "UNAVAILABLE", message: /RestoreObject/ });
    const notices: string[] = [];
    const sink = await open({ onNotice: ({ code, message }) => notices.push(`${code}: ${message}`) });
    expect((await sink.stat("a"))?.size).toBe(2 * MIB);
    for await (const _ of sink.list());
    expect(notices).toEqual([expect.stringMatching(/^COLD_TIER: Archive "a" lies in GLACIER/)]);
  });

  test("a consumer that stops closes the connection", async () => {
    const { sink, onRequest } = await withArchive();
    let closed: Promise<unknown> | undefined;
    onRequest((_, { closed: isClosed }) => {
      closed = isClosed;
      return undefined;
    });
    for await (const _ of sink.read("a")) break;
    await closed;
  });
});
