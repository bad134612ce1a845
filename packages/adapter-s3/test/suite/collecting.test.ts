/** What writers that died have left is found and deleted, and nothing else. */
import { all, inChunks, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { fakeSink } from "../support/sinks.js";

const DAY = 24 * 3_600_000;
const LONG_KEY = "語".repeat(400);

describe("collecting", () => {
  test("aborts uploads that are older than a day, of this sink's alone", async () => {
    const fake = await fakeSink({ pageSize: 2 });
    const { bucket } = fake;
    const begin = (name: string, age: number) => {
      bucket.now = () => Date.now() - age;
      return bucket.begin(name, {});
    };
    const kept = [
      begin("p/new", DAY - 60_000),
      begin("other/old", 9 * DAY),
      begin("p/sub/old", 9 * DAY),
      begin("p/a b", 9 * DAY),
    ];
    for (const name of ["p/a", "p/a", "p/.probe/x", "p/z=2f"]) begin(name, DAY + 60_000);
    expect(await fake.sink.collectOrphans()).toEqual({ uploads: 4, objects: 0 });
    expect([...bucket.uploads.keys()].toSorted()).toEqual(kept.toSorted());
  });

  test("opening aborts some", async () => {
    const fake = await fakeSink();
    fake.bucket.now = () => Date.now() - 2 * DAY;
    fake.bucket.begin("p/a", {});
    await fake.open();
    expect(fake.bucket.uploads.size).toBe(0);
  });

  test("deletes old claims, keys and probes without an archive", async () => {
    const fake = await fakeSink({ createOnly: "put", pageSize: 3 });
    const { bucket, sink } = fake;
    const used = ["a", "b/c", "z", LONG_KEY, ...Array.from({ length: 9 }, (_, n) => `k${n}`)];
    bucket.now = () => Date.now() - 2 * DAY;
    for (const key of used) await sink.put(key, inChunks(pattern(3), 3));
    const before = [...bucket.objects.keys()];
    await sink.put("gone", nothing());
    await sink.put(`${LONG_KEY}2`, nothing());
    const gone = [...bucket.objects.keys()].filter(
      (name) => !before.includes(name) && !/^p\/\.(claims|keys)/.test(name),
    );
    expect(gone).toHaveLength(2);
    for (const name of gone) bucket.objects.delete(name);
    bucket.set("p/.probe/x", Buffer.from(""), {});
    bucket.now = Date.now;
    bucket.set("p/.claims/new", Buffer.from(""), {});
    bucket.set("p/.claims/zz", Buffer.from(""), {});
    expect(await sink.collectOrphans()).toEqual({ uploads: 0, objects: 4 });
    expect([...bucket.objects.keys()].toSorted()).toEqual([...before, "p/.claims/new", "p/.claims/zz"].toSorted());
    expect((await all(sink.list())).map(({ key }) => key).toSorted()).toEqual(used.toSorted());
    await expect(sink.put("new", nothing())).rejects.toMatchObject({ code: "CONFLICT" });
    await sink.put("gone", nothing());
  });
});
