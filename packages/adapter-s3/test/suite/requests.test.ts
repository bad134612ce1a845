/** How many requests calls take. */
import { type ArchiveSink, createArchiver, memoryPorts, toBytes } from "@session-archiver/core";
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
  test("a short archive is written by one", async () => {
    const fake = await fakeSink();
    const { sink } = fake;
    expect(await cost(fake, () => sink.put("a", nothing()))).toEqual(["PUT a"]);
    expect(await cost(fake, () => sink.put("b", inChunks(pattern(8 * MIB), MIB)))).toEqual(["PUT b"]);
    expect(await cost(fake, () => sink.stat("b"))).toEqual(["HEAD b"]);
    expect(await cost(fake, () => toBytes(sink.read("b")))).toEqual(["GET b"]);
    expect(await cost(fake, () => toBytes(sink.read("b", { start: 5, end: 9 })))).toEqual(["GET b"]);
    expect(await cost(fake, () => toBytes(sink.read("b", { start: 9 * MIB })))).toEqual(["GET b"]);
    expect(await cost(fake, () => sink.delete("b"))).toEqual(["DELETE b"]);
    expect(await cost(fake, () => all(sink.list()))).toEqual(["GET ?list-type"]);
  });

  test("one of three parts takes 3 for them, and 2 for the upload", async () => {
    const fake = await fakeSink();
    const body = inChunks(pattern(17 * MIB), MIB);
    expect((await cost(fake, () => fake.sink.put("a", body))).toSorted()).toEqual([
      "POST a?uploadId",
      "POST a?uploads",
      ...Array.from({ length: 3 }, () => "PUT a?partNumber&uploadId"),
    ]);
    expect(await cost(fake, () => toBytes(fake.sink.read("a")))).toEqual(["GET a"]);
  });

  test("where only PUT has conditions, a claim is one more", async () => {
    const fake = await fakeSink({ createOnly: "put" });
    expect(await cost(fake, () => fake.sink.put("a", nothing()))).toEqual(["PUT .claims/a", "PUT a"]);
    expect(await cost(fake, () => fake.sink.delete("a"))).toEqual(["DELETE a", "DELETE .claims/a"]);
    const body = inChunks(pattern(17 * MIB), MIB);
    expect(await cost(fake, () => fake.sink.put("b", body))).toHaveLength(3 + 2 + 1);
  });

  test("it is looked once whether a bucket keeps tokens that was not tried out, and after each write where none holds", async () => {
    const put = async (fake: FakeSink, sink: ArchiveSink) => cost(fake, () => sink.put(crypto.randomUUID(), nothing()));
    const said = await fakeSink({}, { createOnly: "both" });
    expect([await put(said, said.sink), await put(said, said.sink)].map(({ length }) => length)).toEqual([2, 1]);
    const none = await fakeSink({ createOnly: "none" }, { createOnly: "keys are random" });
    expect([await put(none, none.sink), await put(none, none.sink)].map(({ length }) => length)).toEqual([4, 4]);
  });

  test("the time of a write is the answer's, or takes a look where a page may not see that", async () => {
    const date = "Thu, 01 Jan 2026 00:00:07 GMT";
    const answering =
      (change: (headers: Headers) => void): typeof fetch =>
      async (input, init) => {
        const { body, status, headers } = await fetch(input, init);
        const changed = new Headers(headers);
        change(changed);
        return new Response(body, { status, headers: changed });
      };
    const fake = await fakeSink();
    const dated = await fake.open({ fetch: answering((headers) => headers.set("date", date)) });
    expect((await dated.put("a", nothing())).createdAt).toBe(Date.parse(date));
    const hidden = await fake.open({ fetch: answering((headers) => headers.delete("date")) });
    const requests = await cost(fake, async () => {
      const { createdAt } = await hidden.put("b", nothing());
      expect(createdAt).toBe((await hidden.stat("b"))?.createdAt);
    });
    expect(requests).toEqual(["PUT b", "HEAD b", "HEAD b"]);
  });

  test("a key that is too long for a name takes one more to be written", async () => {
    const fake = await fakeSink();
    expect(await cost(fake, () => fake.sink.put("語".repeat(400), nothing()))).toHaveLength(2);
    expect(await cost(fake, () => all(fake.sink.list()))).toHaveLength(2);
  });

  test.each([
    ["a short session, manifest inline", 64 * 1024, ["PUT", "GET"]],
    ["one with its manifest beside it", 0, ["PUT", "GET", "PUT", "GET"]],
  ])(
    "an archive takes 2 for each object with its proof, and the end of its output 2: %s",
    async (_, bytes, requests) => {
      const fake = await fakeSink();
      const policy = { inlineManifestBytes: bytes };
      const archiver = createArchiver({ ...memoryPorts(), archives: fake.sink, policy });
      await archiver.import("first", inChunks(new TextEncoder().encode(LINES), 1000));
      await archiver.archive("first");
      await archiver.import("s", inChunks(new TextEncoder().encode(LINES), 1000));
      const taken = await cost(fake, () => archiver.archive("s"));
      expect(taken.map((request) => request.split(" ")[0])).toEqual(requests);
      const tail = await cost(fake, () => all(archiver.tail("s", 10)));
      expect(tail).toHaveLength(2);
    },
  );

  test("opening takes 14, and 4 if it is said what the bucket honours", async () => {
    const fake = await fakeSink();
    expect(await cost(fake, () => fake.open())).toHaveLength(14);
    expect(await cost(fake, () => fake.open({ createOnly: "both" }))).toHaveLength(4);
    expect([...fake.bucket.objects.keys()]).toEqual([]);
    expect(fake.bucket.uploads.size).toBe(0);
  });
});
