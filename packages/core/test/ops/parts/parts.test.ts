/** A session that is archived again and again lies in several parts, and reads as if it were one. */
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY, memoryArchives, memoryPorts } from "../../../src/adapter.js";
import { decodeManifest } from "../../../src/format.js";
import { toBytes } from "../../../src/index.js";
import { stringsAt } from "../../../src/session/metadata.js";
import { runs } from "../../fuzz.js";
import { encode, keysOf, linesOf, loseManifests, makeSession, metaOf, readText, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { append, fileOf, inParts, manifestKey, partKeys, unzipped } from "./support.js";

const DAY = 24 * 60 * 60 * 1000;
const line = (i: number, size = 20): string =>
  `${JSON.stringify({ timestamp: new Date(Date.UTC(2026, 9, 1) + i * 60_000).toISOString(), text: "é".repeat(size) })}\n`;
const lines = (from: number, count: number, size = 20): string =>
  Array.from({ length: count }, (_, i) => line(from + i, size)).join("");

/** Several lines each, some of them without a line end: the next piece continues the line. */
const pieces = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 200, 3000), fc.boolean()), {
    minLength: 2,
    maxLength: 9,
  })
  .map((rows) => {
    let at = 0;
    return rows.map(([count, size, isCut]) => {
      const text = lines(at, count, size);
      at += count;
      return isCut ? `${text}{"a":"` : text;
    });
  });

test("whatever the rounds: every way to read it gives the same as one archive", async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.constantFrom(0, 500, 20_000), async (rounds, smallPartBytes) => {
      const text = rounds.join("");
      const w = await inParts(rounds, { policy: { smallPartBytes } });
      const one = world();
      await makeSession(one, "s", text);
      await one.archiver.archive("s");
      expect(await readText(w, "s")).toBe(text);
      expect(await unzipped(w)).toBe(text);
      await w.archiver.verify("s");
      const all = linesOf(text);
      const textOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
        new TextDecoder().decode(await toBytes(bytes));
      for (const count of [1, 3, all.length]) {
        expect(await textOf(w.archiver.tail("s", count))).toBe(all.slice(-count).join(""));
        expect(await textOf(w.archiver.lines("s", { from: count - 1, to: count + 2 }))).toBe(
          all.slice(count - 1, count + 2).join(""),
        );
      }
      const bytes = encode(text);
      const range = { start: Math.floor(bytes.length / 3), end: Math.floor((bytes.length * 2) / 3) };
      expect(await toBytes(w.archiver.read("s", { range }))).toEqual(bytes.slice(range.start, range.end));
      const since = Date.UTC(2026, 9, 1) + 3 * 60_000;
      expect(await textOf(w.archiver.since("s", since))).toBe(await textOf(one.archiver.since("s", since)));
      const exported = await w.archiver.export("s", { as: "gzip" });
      expect(gunzipSync(await toBytes(exported.bytes)).toString()).toBe(text);
      const { lineCount } = await one.archiver.info("s");
      expect((await w.archiver.info("s")).lineCount).toBe(lineCount);
      await w.archiver.restore("s");
      expect(await readText(w, "s")).toBe(text);
    }),
    runs(60),
  );
});

test("each part is an archive of its own, under a key that says what it continues", async () => {
  const w = await inParts([lines(0, 300), lines(300, 20), lines(320, 1)]);
  const keys = await partKeys(w);
  expect(keys).toHaveLength(3);
  const { parts = [] } = await fileOf(w);
  for (const [i, key] of keys.entries()) {
    const raw = gunzipSync(await toBytes(w.ports.archives.read(key)));
    expect(raw.toString()).toBe([lines(0, 300), lines(300, 20), lines(320, 1)][i]);
    const before = parts.slice(0, i).reduce((sum, part) => sum + part.rawBytes, 0);
    expect(/\.follows-(\d+)-\d+\.jsonl\.gz$/.exec(key)?.[1]).toBe(i === 0 ? undefined : String(before));
  }
  const manifest = decodeManifest(await toBytes(w.ports.archives.read(await manifestKey(w))), "m");
  expect(manifest.files[0]?.parts?.map(({ key }) => key)).toEqual(keys);
});

test("a line more writes a line's worth, and reads as little", async () => {
  const w = await inParts([lines(0, 20_000, 100)]);
  let written = 0;
  let read = 0;
  const { archives } = w.ports;
  const { put, read: readOf } = archives;
  archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    written += info.size;
    return info;
  };
  archives.read = async function* (...args) {
    for await (const chunk of readOf(...args)) {
      read += chunk.length;
      yield chunk;
    }
  };
  await append(w, line(20_000));
  await w.archiver.archive("s");
  expect((await fileOf(w)).archiveBytes).toBeGreaterThan(40_000);
  expect(written).toBeLessThan(4000);
  expect(read).toBeLessThan(6000);
});

test("many rounds leave few parts, and what they gave up goes with gc", async () => {
  const rounds = Array.from({ length: 40 }, (_, i) => lines(i * 5, 5, 100));
  const w = await inParts(rounds);
  expect((await partKeys(w)).length).toBeLessThan(10);
  w.now += 2 * DAY;
  await w.archiver.gc();
  expect((await keysOf(w)).toSorted()).toEqual([...(await partKeys(w)), await manifestKey(w)].toSorted());
  expect(await readText(w, "s")).toBe(rounds.join(""));
  await w.archiver.verify("s");
});

test("a manifest does not name what earlier rounds have left or given up, however much that is", async () => {
  const w = await inParts(Array.from({ length: 20 }, (_, i) => line(i)));
  const key = await manifestKey(w);
  const { meta } = decodeManifest(await toBytes(w.ports.archives.read(key)), key);
  expect(stringsAt(await metaOf(w), KEY.givenUp).length).toBeGreaterThan(20);
  expect(await metaOf(w)).toHaveProperty([KEY.archiveFiles]);
  expect(meta).toMatchObject({ view: "agent" });
  expect(meta).not.toHaveProperty([KEY.givenUp]);
  expect(meta).not.toHaveProperty([KEY.archiveFiles]);
});

test("repack makes one file of all parts, at the same age, and only once", async () => {
  const rounds = [lines(0, 100), lines(100, 10), lines(110, 1)];
  const w = await inParts(rounds);
  const { archivedAt } = await w.archiver.info("s");
  w.now += 1000;
  expect(await w.archiver.archive("s", { repack: true })).toMatchObject({ outcome: "archived" });
  expect(await partKeys(w)).toHaveLength(1);
  expect((await w.archiver.info("s")).archivedAt).toBe(archivedAt);
  expect(await unzipped(w)).toBe(rounds.join(""));
  await w.archiver.verify("s");
  expect(await w.archiver.archive("s", { repack: true })).toMatchObject({ outcome: "unchanged" });
});

test("without its manifest it reads as before, and the next archive makes a new one", async () => {
  const rounds = [lines(0, 100), `${lines(100, 10)}{"begun":`, `1}\n${lines(110, 1)}`];
  const w = await inParts(rounds);
  await loseManifests(w);
  expect(await readText(w, "s")).toBe(rounds.join(""));
  expect(new TextDecoder().decode(await toBytes(w.archiver.tail("s", 2)))).toBe(
    linesOf(rounds.join("")).slice(-2).join(""),
  );
  const before = await partKeys(w);
  await w.archiver.archive("s");
  expect(await partKeys(w)).toEqual(before);
  await w.archiver.verify("s");
});

test("a part that is missing or changed is found, and named", async () => {
  const w = await inParts([lines(0, 100), lines(100, 10), lines(110, 1)]);
  const [, second = ""] = await partKeys(w);
  await w.ports.archives.delete(second);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining(second),
  });
  const findings = await Array.fromAsync(w.archiver.examine());
  expect(JSON.stringify(findings)).toContain(second);
});

test("ids that leave no room for it in a key are archived in one file", async () => {
  const w = world({ policy: { smallPartBytes: 0 } });
  const id = "x".repeat(955);
  await makeSession(w, id, lines(0, 50));
  await w.archiver.archive(id);
  await append(w, line(50), id);
  await w.archiver.archive(id);
  expect(await readText(w, id)).toBe(lines(0, 51));
  expect((await metaOf(w, id))["session:archive_files"]).toMatchObject([{ name: "output" }]);
  await w.archiver.verify(id);
});

test("sidecars lie in parts as well", async () => {
  const w = world({ policy: { smallPartBytes: 0 } });
  await makeSession(w, "s", lines(0, 3));
  const blob = async (text: string): Promise<void> => {
    const at = await w.ports.blobs.stat({ id: "s", name: "times" });
    if (at) await w.ports.blobs.append(at, encode(text));
    else
      await w.ports.blobs.create(
        { id: "s", name: "times" },
        `g-${text}`,
        (async function* () {
          yield encode(text);
        })(),
      );
  };
  await blob("first ".repeat(100));
  await w.archiver.archive("s");
  await blob("second");
  await append(w, line(3));
  await w.archiver.archive("s");
  expect((await fileOf(w, "times")).parts).toHaveLength(2);
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { name: "times" })))).toBe(
    `${"first ".repeat(100)}second`,
  );
  await w.archiver.verify("s");
});

test.each(["a", "b"])("of sidecars that begin alike, %s gets its own tail back from a rebuild", async (which) => {
  const w = world({ policy: { smallPartBytes: 0 } });
  const texts: Record<string, string> = { output: lines(0, 3), a: "same\n", b: "same\n" };
  const mirror = (): Promise<unknown> =>
    w.archiver.mirror(
      "s",
      Object.entries(texts).map(([name, text]) => ({ name, source: sourceOf(text) })),
    );
  for (const more of ["", "x\n", "y\n"]) {
    w.now += 1000;
    texts[which] += more;
    await mirror();
  }
  for (const quick of [true, false]) {
    const next = world({ archives: w.ports.archives });
    expect((await next.archiver.rebuild({ quick })).failures).toEqual([]);
    for (const [name, text] of Object.entries(texts)) {
      expect(new TextDecoder().decode(await toBytes(next.archiver.read("s", { name })))).toBe(text);
    }
  }
});

test("another archiver's open read goes on while parts are added and merged", async () => {
  const rounds = Array.from({ length: 12 }, (_, i) => lines(i * 30, 30, 100));
  const ports = { ...memoryPorts(), archives: memoryArchives() };
  const w = world({ ...ports, policy: { smallPartBytes: 0 } });
  await makeSession(w, "s", rounds[0] ?? "");
  await w.archiver.archive("s");
  const reads = [];
  let text = rounds[0] ?? "";
  for (const piece of rounds.slice(1)) {
    const reader = await w.archiver.open("s");
    const iterator = reader.read()[Symbol.asyncIterator]();
    reads.push({ iterator, first: await iterator.next(), text });
    await append(w, piece);
    await w.archiver.archive("s");
    await w.archiver.gc({ graceDays: 0 });
    text += piece;
  }
  for (const { iterator, first, text: expected } of reads) {
    const chunks = [first.value ?? new Uint8Array()];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) chunks.push(next.value);
    expect(Buffer.concat(chunks).toString()).toBe(expected);
  }
});
