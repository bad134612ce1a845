/** How many requests calls take. */
import { createArchiver, memoryPorts, toBytes } from "@session-archiver/core";
import { all, inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { type FakeSink, fakeSink } from "../support/sinks.js";

const LINES = Array.from({ length: 3000 }, (_, n) => `{"n":${n}}\n`).join("");

async function cost({ taken }: FakeSink, work: () => Promise<unknown>): Promise<readonly string[]> {
  taken();
  await work();
  return taken();
}

describe("requests", () => {
  test("a short archive is written by one, and a look for its time", async () => {
    const fake = await fakeSink();
    const { sink } = fake;
    expect(await cost(fake, () => sink.put("a", nothing()))).toEqual(["PUT a", "HEAD a"]);
    expect(await cost(fake, () => sink.put("b", inChunks(pattern(8 * MIB), MIB)))).toEqual(["PUT b", "HEAD b"]);
    expect(await cost(fake, () => sink.stat("b"))).toEqual(["HEAD b"]);
    expect(await cost(fake, () => toBytes(sink.read("b")))).toEqual(["GET b"]);
    expect(await cost(fake, () => toBytes(sink.read("b", { start: 5, end: 9 })))).toEqual(["GET b"]);
    expect(await cost(fake, () => toBytes(sink.read("b", { start: 9 * MIB })))).toEqual(["GET b"]);
    expect(await cost(fake, () => sink.delete("b"))).toEqual(["DELETE b"]);
    expect(await cost(fake, () => all(sink.list()))).toEqual(["GET ?list-type"]);
  });

  test("one of three parts takes 3 for them, 2 for the upload, and 2 looks", async () => {
    const fake = await fakeSink();
    const body = inChunks(pattern(17 * MIB), MIB);
    expect((await cost(fake, () => fake.sink.put("a", body))).toSorted()).toEqual([
      "HEAD a",
      "HEAD a",
      "POST a?uploadId",
      "POST a?uploads",
      ...Array.from({ length: 3 }, () => "PUT a?partNumber&uploadId"),
    ]);
    expect(await cost(fake, () => toBytes(fake.sink.read("a")))).toEqual(["GET a"]);
  });

  test("where only PUT has conditions, a claim is one more", async () => {
    const fake = await fakeSink({ createOnly: "put" });
    expect(await cost(fake, () => fake.sink.put("a", nothing()))).toEqual(["PUT .claims/a", "PUT a", "HEAD a"]);
    expect(await cost(fake, () => fake.sink.delete("a"))).toEqual(["DELETE a", "DELETE .claims/a"]);
  });

  test("a key that is too long for a name takes one more to be written", async () => {
    const fake = await fakeSink();
    expect(await cost(fake, () => fake.sink.put("語".repeat(400), nothing()))).toHaveLength(3);
    expect(await cost(fake, () => all(fake.sink.list()))).toHaveLength(2);
  });

  test("a session's archive takes 3 with its proof, as its manifest does, and the end of its output 2", async () => {
    const fake = await fakeSink();
    const archiver = createArchiver({ ...memoryPorts(), archives: fake.sink });
    await archiver.import("first", inChunks(new TextEncoder().encode(LINES), 1000));
    await archiver.archive("first");
    await archiver.import("s", inChunks(new TextEncoder().encode(LINES), 1000));
    const taken = await cost(fake, () => archiver.archive("s"));
    expect(taken.map((request) => request.split(" ")[0])).toEqual(["PUT", "HEAD", "GET", "PUT", "HEAD", "GET"]);
    const tail = await cost(fake, () => all(archiver.tail("s", 10)));
    expect(tail).toHaveLength(2);
  });

  test("opening takes 14, and 4 if it is said what the bucket honours", async () => {
    const fake = await fakeSink();
    expect(await cost(fake, () => fake.open())).toHaveLength(14);
    expect(await cost(fake, () => fake.open({ createOnly: "both" }))).toHaveLength(4);
    expect([...fake.bucket.objects.keys()]).toEqual([]);
    expect(fake.bucket.uploads.size).toBe(0);
  });
});
