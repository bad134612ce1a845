/** The read-back: what a sink has stored is held against what was written, before anything is committed. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../../src/adapter.js";
import { type ArchiveSink, bytesOf, type Codec, toBytes } from "../../../src/index.js";
import { busyCodec } from "../../codecs.js";
import { encode, keysOf, longLines, makeSession, readText, shareBuffers, world } from "../../support.js";

const long = encode(longLines(2100)); // three segments
const shorter = encode(longLines(1100)); // two

describe("the read-back", () => {
  /** A sink that gives back other bytes than it was given, of the output at least. */
  function lying(change: (file: Uint8Array) => Uint8Array | undefined): ArchiveSink {
    const sink = memoryArchives();
    return {
      ...sink,
      async *read(key, range, op) {
        const file = await toBytes(sink.read(key, range, op));
        yield (key.endsWith(".jsonl.gz") && change(file.slice())) || file;
      },
    };
  }

  test.each([1, 3])("inflates %i segments at once at most, and all of them", async (concurrency) => {
    const busy = busyCodec(concurrency);
    let inflated = 0;
    const counting: Codec = {
      ...busy,
      inflate: (...args) => {
        inflated++;
        return busy.inflate(...args);
      },
    };
    const w = world({ codec: counting });
    await makeSession(w, "s", long);
    await w.archiver.archive("s");
    expect(inflated).toBeGreaterThan(2);
    expect(busy.most).toBe(concurrency);
    expect(await readText(w, "s")).toBe(new TextDecoder().decode(long));
  });

  test.each([
    ["a byte of the header", 4],
    ["a byte of the first segment", 200],
    ["a byte in the middle", 0.5],
    ["a byte of the last marker", -12],
    ["a byte of the trailer", -5],
  ])("finds %s changed, and commits nothing", async (_, at) => {
    const archives = lying((file) => {
      const index = at < 0 ? file.length + at : at < 1 ? Math.floor(file.length * at) : at;
      file[index] = (file[index] ?? 0) ^ 0x20;
      return file;
    });
    for (const concurrency of [1, 3]) {
      const w = world({ archives, codec: busyCodec(concurrency) });
      await makeSession(w, `s${concurrency}`, shorter);
      await expect(w.archiver.archive(`s${concurrency}`)).rejects.toMatchObject({ code: "CORRUPT" });
      expect(await readText(w, `s${concurrency}`)).toBe(new TextDecoder().decode(shorter));
    }
  });

  test.each([
    ["a cut file", (file: Uint8Array) => file.subarray(0, -1)],
    ["a longer file", (file: Uint8Array) => Buffer.concat([file, Buffer.of(0)])],
  ])("finds %s", async (_, change) => {
    const w = world({ archives: lying(change), codec: busyCodec(3) });
    await makeSession(w, "s", shorter);
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await readText(w, "s")).toBe(new TextDecoder().decode(shorter));
  });
});

test("the memory of what was read of the live session is given back at once", async () => {
  const w = world();
  await makeSession(w, "s", long);
  const { read } = w.ports.blobs;
  const chunks: Uint8Array[] = [];
  w.ports.blobs.read = async function* (...given) {
    for await (const chunk of read.call(w.ports.blobs, ...given)) {
      expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(0);
      chunks.push(chunk);
      yield chunk;
    }
  };
  await w.archiver.archive("s");
  expect(chunks.length).toBeGreaterThan(2);
  expect(await readText(w, "s")).toBe(new TextDecoder().decode(long));
});

test("a chunk that shares its buffer with the next one stays whole", async () => {
  const w = world();
  await makeSession(w, "s", long);
  shareBuffers(w.ports.blobs);
  await w.archiver.archive("s");
  expect(await readText(w, "s")).toBe(new TextDecoder().decode(long));
});

test("so does one of an archive that is made anew", async () => {
  const w = world({ policy: { smallPartBytes: 100 * 1024 * 1024 } });
  const hash = (of: number) => createHash("sha256").update(`${of}`).digest("base64");
  const text = Array.from({ length: 12_000 }, (_, i) => `{"x":"${hash(i)}"}\n`).join("");
  await makeSession(w, "s", encode(text));
  await w.archiver.archive("s");
  await w.ports.blobs.create({ id: "s", name: "output" }, "more", bytesOf(encode("{}\n")));
  shareBuffers(w.ports.archives);
  await w.archiver.archive("s");
  expect(await readText(w, "s")).toBe(`${text}{}\n`);
});

test("a blob that never ends fills no sink", async () => {
  const w = world();
  await makeSession(w, "s", long);
  w.ports.blobs.read = async function* () {
    for (;;) yield new Uint8Array(100_000);
  };
  await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT", id: "s", key: "output" });
  expect(await keysOf(w)).toEqual([]);
});
