/** What this package relies on, and what it works around, in Ceph itself. */
import { createArchiver, hasCode, memoryPorts, toBytes } from "@session-archiver/core";
import { all, firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { openS3Archives, type S3Options } from "../../src/index.js";
import { newCephBucket, withCeph } from "../support/ceph-buckets.js";

/** A `fetch` to which something may happen. */
type Mishap = (send: () => Promise<Response>, method: string, url: URL) => Promise<Response> | undefined;

async function open(options: Partial<S3Options> = {}) {
  const { close: _, ...bucket } = await newCephBucket();
  let mishap: Mishap = () => undefined;
  const fetcher: typeof fetch = (input, init) => {
    const send = () => fetch(input, init);
    return mishap(send, init?.method ?? "GET", new URL(String(input))) ?? send();
  };
  const given = { ...bucket, fetch: fetcher, onNotice: () => {}, pauseMs: 0, partBytes: 5 * MIB, ...options };
  const sink = await openS3Archives(given);
  return { sink, open: () => openS3Archives(given), onRequest: (next: Mishap) => (mishap = next) };
}

/** The first request that matches is done, and its answer lost. */
function losing(pattern_: RegExp): Mishap {
  let isLost = false;
  return (send, method, url) => {
    if (isLost || !pattern_.test(`${method} ${url.search}`)) return undefined;
    isLost = true;
    return send().then(async (response) => {
      await response.arrayBuffer();
      throw new TypeError("the connection was lost");
    });
  };
}

withCeph("Ceph", () => {
  test("honours conditions on PUT alone, and keeps no versions", async () => {
    const { sink } = await open();
    expect(sink.createOnly).toBe("put");
    expect(sink.bucketFacts).toMatchObject({ versioning: "Off" });
  });

  test("of long bodies that race for a key exactly one wins", async () => {
    const { sink, open: again } = await open();
    const sinks = [sink, await again(), await again()];
    const bodies = sinks.map((_, n) => pattern(9 * MIB, n + 1));
    const puts = sinks.map((each, n) => each.put("race", inChunks(bodies[n] ?? pattern(0), MIB)));
    const outcomes = await Promise.allSettled(puts);
    const lost = outcomes.filter((one) => one.status === "rejected" && hasCode(one.reason, "CONFLICT"));
    expect(lost).toHaveLength(2);
    const winner = bodies[outcomes.findIndex(({ status }) => status === "fulfilled")] ?? pattern(0);
    expect(firstDifference(await toBytes(sink.read("race")), winner)).toBeUndefined();
  });

  test.each([
    ["a PUT", /^PUT $/, 1],
    ["the beginning of an upload", /^POST \?uploads/, 9],
    ["a part", /^PUT \?partNumber/, 9],
    ["the completion of an upload", /^POST \?uploadId/, 9],
    ["a look", /^HEAD/, 1],
    ["a delete", /^DELETE/, 1],
    ["a list", /^GET .*list-type/, 1],
  ])("the lost answer to %s goes unnoticed", async (_, which, mib) => {
    const { sink, onRequest } = await open();
    const bytes = pattern(mib * MIB);
    onRequest(losing(which));
    expect((await sink.put("a", inChunks(bytes, MIB))).size).toBe(bytes.length);
    expect((await all(sink.list())).map(({ key }) => key)).toEqual(["a"]);
    expect(firstDifference(await toBytes(sink.read("a")), bytes)).toBeUndefined();
    await sink.delete("a");
    expect(await all(sink.list())).toEqual([]);
  });

  test("a read that breaks goes on, but only in the same object", async () => {
    const { sink, onRequest } = await open();
    const bytes = pattern(9 * MIB);
    await sink.put("a", inChunks(bytes, MIB));
    const broken: Mishap = (send, method) => {
      if (method !== "GET") return undefined;
      onRequest(() => undefined);
      return send().then(({ body, status, headers }) => {
        let left = 3;
        const cut = new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            if (left-- > 0) controller.enqueue(chunk);
            else controller.error(new TypeError("the connection was lost"));
          },
        });
        return new Response(body?.pipeThrough(cut), { status, headers });
      });
    };
    onRequest(broken);
    expect(firstDifference(await toBytes(sink.read("a")), bytes)).toBeUndefined();
    onRequest(broken);
    const reading = sink.read("a")[Symbol.asyncIterator]();
    await reading.next();
    await sink.delete("a");
    await sink.put("a", inChunks(pattern(9 * MIB, 2), MIB));
    const rest = async () => {
      while (!(await reading.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: "NOT_FOUND", key: "a" });
  });

  test("lists uploads of its prefix, and those of today stay", async () => {
    const { sink, onRequest } = await open();
    let upload = "";
    onRequest((_, method, url) => {
      if (method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
      upload ||= url.searchParams.get("uploadId") ?? "";
      return undefined;
    });
    async function* body() {
      yield pattern(11 * MIB);
      throw new Error("killed");
    }
    await expect(sink.put("a", body())).rejects.toThrow("killed");
    onRequest(() => undefined);
    expect(await sink.collectOrphans()).toEqual({ uploads: 0, objects: 0 });
    // A day later, by the server's clock.
    const later = new Date(Date.now() + 25 * 3_600_000).toUTCString();
    onRequest((send) =>
      send().then(({ body: answer, status, headers }) => {
        const changed = new Headers(headers);
        changed.set("date", later);
        return new Response(answer, { status, headers: changed });
      }),
    );
    expect(await sink.collectOrphans()).toMatchObject({ uploads: 1 });
    expect(upload).not.toBe("");
    expect(await sink.collectOrphans()).toMatchObject({ uploads: 0 });
  });

  test("sessions are rebuilt from the bucket alone", async () => {
    const { sink, open: again } = await open();
    const archiver = createArchiver({ ...memoryPorts(), archives: sink });
    const lines = (id: string) => new TextEncoder().encode(`{"id":"${id}"}\n`.repeat(500));
    const ids = ["a", "b/c", "語".repeat(200), "x ".repeat(100)];
    for (const id of ids) {
      await archiver.import(id, inChunks(lines(id), 1000));
      await archiver.archive(id);
    }
    const rebuilt = createArchiver({ ...memoryPorts(), archives: await again() });
    await rebuilt.rebuild();
    for (const id of ids) expect(firstDifference(await toBytes(rebuilt.read(id)), lines(id))).toBeUndefined();
    expect((await rebuilt.verifyAll()).bad).toEqual([]);
  });
});
