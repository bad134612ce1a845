/** Reads of an archive's end, and its cost: with the manifest, with a long one, and without. */
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY, memoryArchives } from "../src/adapter.js";
import { scanEnd } from "../src/format/gzip/scan-end.js";
import { type ReadIndex, readArchive } from "../src/format/reader.js";
import { scanArchive } from "../src/format/scan.js";
import { archiveWriter } from "../src/format/writer.js";
import { crc32 } from "../src/format.js";
import { bytesOf, type Codec, createArchiver, type Meta, toBytes } from "../src/index.js";
import {
  codec,
  countingCodec,
  encode,
  jsonl,
  keysOf,
  linesOf,
  loseManifests,
  makeSession,
  readText,
  type World,
  world,
} from "./support.js";

const asFound = <T>(segment: T): T => segment;

/** An archive file of these pieces, a segment or more for each. */
async function write(
  pieces: readonly Uint8Array[],
  by: Codec = codec,
): Promise<{ file: Uint8Array; index: ReadIndex; raw: Buffer }> {
  let file: Uint8Array = new Uint8Array();
  let base: Parameters<typeof archiveWriter>[3];
  for (const piece of pieces) {
    const writer = archiveWriter("k", bytesOf(piece), by, base);
    file = await toBytes(writer.bytes);
    base = { index: writer.index(), segments: bytesOf(file.subarray(10, -10)) };
  }
  if (!base) throw new Error("no pieces");
  return { file, index: base.index, raw: Buffer.concat(pieces) };
}

async function sinkWith(file: Uint8Array): Promise<ReturnType<typeof memoryArchives>> {
  const sink = memoryArchives();
  await sink.put("k", bytesOf(file));
  return sink;
}

/** Leaves bytes as they are, as deflate does with what it can't compress. */
const storing: Codec = {
  ...codec,
  deflate: (raw) => deflateRawSync(raw, { level: 0, finishFlush: constants.Z_SYNC_FLUSH }),
};

describe("scanning back from the end", () => {
  const piece = fc.oneof(
    fc.string({ minLength: 1, maxLength: 300 }).map(encode),
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.constant(encode(jsonl(400))),
  );

  test("finds the segments that the index has, as many as are needed, and their bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (pieces, part) => {
          const { file, index, raw } = await write(pieces);
          const sink = await sinkWith(file);
          const from = Math.floor((raw.length - 1) * part);
          const end = await scanEnd(sink, codec, { ...index, segments: [] }, from, asFound);
          const first = index.segments.findLastIndex((segment) => segment.rawOffset <= from);
          const places = (segments: ReadIndex["segments"]) =>
            segments.map(({ archiveOffset, archiveSize, rawOffset, rawSize, crc32 }) => [
              archiveOffset,
              archiveSize,
              rawOffset,
              rawSize,
              crc32,
            ]);
          expect(places(end?.segments ?? [])).toEqual(places(index.segments.slice(first)));
          if (!end) return;
          const bytes = await toBytes(readArchive(sink, codec, end, { start: from, end: raw.length }));
          expect(raw.subarray(from).equals(bytes)).toBe(true);
          const more = await scanEnd(sink, codec, end, 0, asFound);
          expect(places(more?.segments ?? [])).toEqual(places(index.segments));
        },
      ),
      { numRuns: 150 },
    );
  });

  test("is not misled by an archive that a segment holds as it is", async () => {
    const inner = await write([encode(jsonl(30)), encode(jsonl(40, 2))]);
    const { file, index, raw } = await write(
      [encode(jsonl(10)), Buffer.concat([inner.file, encode("\nlast\n")])],
      storing,
    );
    expect(Buffer.from(file).includes(inner.file)).toBe(true);
    const sink = await sinkWith(file);
    const end = await scanEnd(sink, codec, { ...index, segments: [] }, raw.length - 1, asFound);
    expect(end?.segments[0]?.rawOffset).toBe(index.segments[1]?.rawOffset);
    expect(
      raw
        .subarray(-5)
        .equals(await toBytes(readArchive(sink, codec, end as ReadIndex, { start: raw.length - 5, end: raw.length }))),
    ).toBe(true);
  });

  test("gives nothing for an archive that is cut, longer, another one, or made of false segment ends", async () => {
    const { file, index } = await write([encode(jsonl(30)), encode(jsonl(40, 2))]);
    const none = { ...index, segments: [] };
    const scan = async (bytes: Uint8Array, known: ReadIndex = none) =>
      scanEnd(await sinkWith(bytes), codec, known, 0, asFound).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "CORRUPT" });
        return undefined;
      });
    expect(await scan(file)).toBeDefined();
    for (let length = 0; length < file.length; length += 7)
      expect(await scan(file.subarray(0, length))).toBeUndefined();
    expect(await scan(Buffer.concat([file, Uint8Array.of(0)]))).toBeUndefined();
    expect(await scan(file, { ...none, crc32: index.crc32 ^ 1 })).toBeUndefined();
    expect(await scan(file, { ...none, rawBytes: index.rawBytes + 1 })).toBeUndefined();
    const marker = file.subarray(-20, -10);
    const hostile = Buffer.concat([
      file.subarray(0, 10),
      Uint8Array.of(7),
      ...Array.from({ length: 50_000 }, () => marker),
      file.subarray(-10),
    ]);
    expect(await scan(hostile, { ...none, archiveBytes: hostile.length })).toBeUndefined();
  });

  test("whatever bit is flipped, the whole comes back right or not at all", async () => {
    const { file, index, raw } = await write([encode("{}\n[1]\n"), encode("a line\n"), encode(jsonl(1))]);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const sink = await sinkWith(flipped);
      const end = await scanEnd(sink, codec, { ...index, segments: [] }, 0, asFound).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "CORRUPT" });
        return undefined;
      });
      if (end)
        expect(raw.equals(await toBytes(readArchive(sink, codec, end, { start: 0, end: raw.length })))).toBe(true);
    }
  });
});

/** Counts what is read of the sink, and inflated. */
function counted(): {
  w: World;
  fresh(): World["archiver"];
  take(): Record<"stored" | "manifest" | "inflated", number>;
} {
  const archives = memoryArchives();
  const { read } = archives;
  let counts = { stored: 0, manifest: 0 };
  archives.read = async function* (key, range, op) {
    for await (const chunk of read(key, range, op)) {
      counts[key.endsWith(".json") ? "manifest" : "stored"] += chunk.length;
      yield chunk;
    }
  };
  const counting = countingCodec();
  const options = { archives, codec: counting.codec };
  const w = world(options);
  return {
    w,
    fresh: () => createArchiver({ ...w.ports, ...options, now: () => w.now, onEvent: (event) => w.events.push(event) }),
    take() {
      const taken = { ...counts, inflated: counting.inflated };
      counts = { stored: 0, manifest: 0 };
      counting.inflated = 0;
      return taken;
    },
  };
}

/** Changes the metadata as no archiver would. */
async function setMeta(w: World, change: (meta: Meta) => Meta): Promise<void> {
  const { meta, version } = (await w.ports.objects.get("s")) ?? { meta: {}, version: "" };
  await w.ports.objects.put("s", change(meta), version);
}

async function manifestOf(w: World): Promise<{ readonly key: string; readonly text: string }> {
  const key = (await keysOf(w)).find((name) => name.endsWith(".json")) ?? "";
  return { key, text: new TextDecoder().decode(await toBytes(w.ports.archives.read(key))) };
}

async function storeManifest(w: World, content: string): Promise<void> {
  const { key } = await manifestOf(w);
  await w.ports.archives.delete(key);
  await w.ports.archives.put(key, bytesOf(encode(content)));
}

/** Replaces the manifest, and what was committed of it. */
async function commitManifest(w: World, content: string): Promise<void> {
  const before = encode((await manifestOf(w)).text).length;
  const bytes = encode(content);
  await storeManifest(w, content);
  await setMeta(w, (meta) => {
    const stored = Number(meta[KEY.archiveBytes]) - before + bytes.length;
    return { ...meta, [KEY.manifestCrc32]: crc32(bytes), [KEY.archiveBytes]: stored };
  });
}

/** Archives `text`, with a manifest that is too long to be read for its end. */
async function archiveWithLongManifest(w: World): Promise<string> {
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const manifest = (await manifestOf(w)).text;
  const long = manifest.replace('"meta":{', `"meta":{"note":${JSON.stringify("x".repeat(200_000))},`);
  await commitManifest(w, long);
  return long;
}

const text = jsonl(20_000); // some 4 MB: several segments
const lines = linesOf(text);
const lastLines = async (archiver: World["archiver"], count: number): Promise<string> =>
  new TextDecoder().decode(await toBytes(archiver.tail("s", count)));

describe("the tail of an archived session", () => {
  test("inflates one segment once", async () => {
    const { w, fresh, take } = counted();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const archiver = fresh();
    take();
    expect(await lastLines(archiver, 100)).toBe(lines.slice(-100).join(""));
    expect(take().inflated).toBe(1);
  });

  test("inflates one segment once where the manifest is lost, with a warning", async () => {
    const { w, fresh, take } = counted();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await loseManifests(w);
    const archiver = fresh();
    take();
    expect(await lastLines(archiver, 100)).toBe(lines.slice(-100).join(""));
    expect(take()).toMatchObject({ inflated: 1, manifest: 0 });
    expect(w.events.filter((event) => event.type === "warning")).toMatchObject([
      { id: "s", code: "NOT_FOUND", message: expect.stringContaining("goes unnoticed") },
    ]);
    for (const count of [5000, 15_000, 19_999, 20_000, 30_000]) {
      expect(await lastLines(fresh(), count)).toBe(lines.slice(-count).join(""));
    }
  });

  test("reads only the end of a long manifest, and believes no byte that isn't in it", async () => {
    const { w, fresh, take } = counted();
    const long = await archiveWithLongManifest(w);
    take();
    expect(await lastLines(fresh(), 100)).toBe(lines.slice(-100).join(""));
    expect(take()).toMatchObject({ inflated: 1, manifest: 64 * 1024 });
    expect(w.events.filter((event) => event.type === "warning")).toEqual([]);
    // Another CRC: not the segment that the manifest means, which is then read whole and refused.
    const rows = [...long.matchAll(/^\[.*\]$/gm)];
    const row: number[] = JSON.parse(rows.at(-1)?.[0] ?? "");
    const other = row.with(5, (row[5] ?? 0) ^ 1);
    await commitManifest(w, long.replace(JSON.stringify(row), JSON.stringify(other)));
    await expect(lastLines(fresh(), 100)).rejects.toMatchObject({ code: "CORRUPT" });
    // Another layout: parsed as a whole.
    await commitManifest(w, JSON.stringify(JSON.parse(long)).replaceAll(",", ", "));
    take();
    expect(await lastLines(fresh(), 100)).toBe(lines.slice(-100).join(""));
    expect(take().manifest).toBeGreaterThan(200_000);
  });

  test("is proven by the whole's CRC where the manifest of a small one is lost", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(50));
    await w.archiver.archive("s");
    await loseManifests(w);
    const fresh = createArchiver({ ...w.ports, onEvent: (event) => w.events.push(event) });
    expect(await lastLines(fresh, 3)).toBe(linesOf(jsonl(50)).slice(-3).join(""));
    const warnings = w.events.filter((event) => event.type === "warning");
    expect(warnings).toMatchObject([{ id: "s", message: expect.not.stringContaining("goes unnoticed") }]);
  });

  test("is read all the same where a long manifest is cut in its last row", async () => {
    const { w, fresh } = counted();
    const long = await archiveWithLongManifest(w);
    const row = [...long.matchAll(/^\[.*\]/gm)].at(-1);
    await storeManifest(w, long.slice(0, (row?.index ?? 0) + (row?.[0].length ?? 0) - 2));
    expect(await lastLines(fresh(), 100)).toBe(lines.slice(-100).join(""));
  });

  test("inflates one segment once where a long manifest is lost, with a warning", async () => {
    const { w, fresh, take } = counted();
    await archiveWithLongManifest(w);
    await loseManifests(w);
    take();
    expect(await lastLines(fresh(), 100)).toBe(lines.slice(-100).join(""));
    expect(take()).toMatchObject({ inflated: 1, manifest: 0 });
    expect(w.events.filter((event) => event.type === "warning")).toMatchObject([
      { id: "s", code: "NOT_FOUND", message: expect.stringContaining("goes unnoticed") },
    ]);
  });

  test("reads only the end of a long manifest where the metadata does not tell its size", async () => {
    const { w, fresh, take } = counted();
    await archiveWithLongManifest(w);
    await setMeta(w, ({ [KEY.archiveBytes]: _, ...meta }) => meta);
    take();
    expect(await lastLines(fresh(), 100)).toBe(lines.slice(-100).join(""));
    expect(take()).toMatchObject({ inflated: 1, manifest: 64 * 1024 });
  });

  test("line ranges inflate the segments they lie in", async () => {
    const { w, fresh, take } = counted();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    for (const [from, to] of [
      [0, 10],
      [9000, 9010],
      [19_990, 30_000],
    ] as const) {
      take();
      expect(new TextDecoder().decode(await toBytes(fresh().lines("s", { from, to })))).toBe(
        lines.slice(from, to).join(""),
      );
      expect(take().inflated).toBe(1);
    }
  });
});

describe("a manifest that is lost", () => {
  test("is made anew by archiving again, from the archive alone, at the archive's age", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(9000), { title: "kept" });
    await w.ports.blobs.create({ id: "s", name: "notes" }, "live-n", bytesOf(encode("a note")));
    await w.archiver.archive("s");
    const { archivedAt, archiveKey } = await w.archiver.info("s");
    await loseManifests(w);
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
    w.now += 60_000;
    const fresh = createArchiver({ ...w.ports, now: () => w.now });
    expect(await fresh.archive("s")).toMatchObject({
      outcome: "archived",
      liveBytesFreed: 0,
      archiveBytesAdded: expect.any(Number),
    });
    expect(await fresh.info("s")).toMatchObject({ archivedAt, archiveKey, state: "archived" });
    await fresh.verify("s");
    const index = await scanArchive(w.ports.archives, codec, archiveKey ?? "");
    expect(index.rawBytes).toBe(encode(jsonl(9000)).length);
    expect(await fresh.archive("s")).toMatchObject({ outcome: "unchanged" });
    expect(await readText(w, "s")).toBe(jsonl(9000));
    expect(new TextDecoder().decode(await toBytes(fresh.read("s", { name: "notes" })))).toBe("a note");
    await fresh.restore("s");
    expect(await readText(w, "s")).toBe(jsonl(9000));
  });
});
