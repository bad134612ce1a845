/** In a real browser, whose requests to another origin have to be allowed by the server. */
import { createArchiver, memoryPorts, nativeCodec, toBytes } from "@session-archiver/core";
import { all, firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, inject, test } from "vitest";
import { openS3Archives } from "../../src/index.js";

/** All engines use one bucket at the same time. */
const own = crypto.randomUUID();

const open = (folder: string) =>
  openS3Archives({
    endpoint: inject("s3OfPages"),
    bucket: "sessions",
    credentials: { accessKeyId: "test", secretAccessKey: "testtest" },
    prefix: `${own}/${folder}`,
    onNotice: () => {},
  });

test("a session is archived and read, and comes back in another page", async () => {
  expect("Buffer" in globalThis).toBe(false);
  const archives = await open("session/");
  expect(archives.createOnly).toBe("put");
  const archiver = createArchiver({ ...memoryPorts(), archives, codec: nativeCodec() });
  const text = '{"text":"été"}\n'.repeat(5000);
  await archiver.import("s/1", inChunks(new TextEncoder().encode(text), 1000));
  await archiver.archive("s/1");
  expect(await archiver.read("s/1").text()).toBe(text);
  const rebuilt = createArchiver({ ...memoryPorts(), archives: await open("session/"), codec: nativeCodec() });
  await rebuilt.rebuild();
  expect(await rebuilt.read("s/1").text()).toBe(text);
});

test("long bodies, ranges, conflicts and absent keys are what they are in Node", async () => {
  const archives = await open("calls/");
  const bytes = pattern(17 * MIB);
  await archives.put("a", inChunks(bytes, MIB));
  expect(firstDifference(await toBytes(archives.read("a")), bytes)).toBeUndefined();
  const part = await toBytes(archives.read("a", { start: 9 * MIB, end: 9 * MIB + 5 }));
  expect(part).toEqual(bytes.slice(9 * MIB, 9 * MIB + 5));
  expect(await toBytes(archives.read("a", { start: 18 * MIB }))).toHaveLength(0);
  await expect(archives.put("a", inChunks(bytes, MIB))).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await all(archives.list())).toEqual([await archives.stat("a")]);
  await archives.delete("a");
  await expect(toBytes(archives.read("a"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await archives.collectOrphans()).toEqual({ uploads: 0, objects: 0 });
});
