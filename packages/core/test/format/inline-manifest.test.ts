/** Inline manifests: one object in the sink, and two for every operation. */
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY, memoryArchives } from "../../src/adapter.js";
import { manifestsApart } from "../../src/format/inline-manifest.js";
import { parseKey } from "../../src/format/keys.js";
import { decodeManifest, isRecordKey } from "../../src/format.js";
import { bytesOf, type Describe, toBytes } from "../../src/index.js";
import { runs } from "../fuzz.js";
import {
  APART,
  encode,
  jsonl,
  keysOf,
  longLines,
  makeSession,
  metaOf,
  readText,
  type World,
  world,
} from "../support.js";

async function archived(text = jsonl(20), meta: Record<string, string> = {}): Promise<World> {
  const w = world();
  await makeSession(w, "s", text, meta);
  await w.archiver.archive("s");
  return w;
}

/** What the sink itself holds, run records excepted. */
async function stored({ ports }: World): Promise<ReadonlyMap<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { key } of ports.archives.list()) {
    if (!isRecordKey(key)) objects.set(key, await toBytes(ports.archives.read(key)));
  }
  return objects;
}

test("a short session is one object, which gzip reads", async () => {
  const w = await archived();
  const [[key = "", bytes = new Uint8Array()] = [], ...others] = [...(await stored(w))];
  expect(others).toEqual([]);
  expect(gunzipSync(bytes).toString()).toBe(jsonl(20));
  expect(key).toBe((await w.archiver.info("s")).archiveKey);
  expect((await w.archiver.info("s")).archiveBytes).toBe(bytes.length);
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(jsonl(20));
});

test("the view has the archive as it is with its manifest beside it, and that manifest", async () => {
  const [w, apart] = [await archived(), world(APART)];
  await makeSession(apart, "s", jsonl(20));
  await apart.archiver.archive("s");
  const [manifest = "", archive = ""] = await keysOf(w);
  expect(await toBytes(w.shown.read(archive))).toEqual(
    await toBytes(apart.shown.read((await apart.archiver.info("s")).archiveKey ?? "")),
  );
  const of = async (one: World, key: string): Promise<unknown> => {
    const { files, store: _, ...rest } = decodeManifest(await toBytes(one.shown.read(key)), key);
    return { ...rest, files: files.map(({ key: __, ...file }) => file) };
  };
  const beside = (await keysOf(apart)).find((key) => key.endsWith(".json")) ?? "";
  expect(await of(w, manifest)).toEqual(await of(apart, beside));
  expect((await metaOf(w))[KEY.manifestKey]).toBe(manifest);
});

test("any range of both is that of the whole, in the view's sizes", async () => {
  const w = await archived();
  const keys = await keysOf(w);
  for (const key of keys) {
    const whole = await toBytes(w.shown.read(key));
    expect((await w.shown.stat(key))?.size).toBe(whole.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length + 20), fc.option(fc.nat(200), { nil: undefined }), async (start, length) => {
        const end = length === undefined ? undefined : start + length;
        const range = { start, ...(end !== undefined && { end }) };
        expect(await toBytes(w.shown.read(key, range))).toEqual(whole.slice(start, end));
      }),
      runs(150),
    );
  }
  const sizes = await Promise.all(keys.map(async (key) => (await w.shown.stat(key))?.size ?? 0));
  const [[, object = new Uint8Array()] = []] = [...(await stored(w))];
  expect(sizes.reduce((sum, size) => sum + size)).toBe(object.length);
});

test("lists show both, by any prefix; other objects stay as they are", async () => {
  const w = await archived();
  const keys = await keysOf(w);
  const foreign = ["a.manifest-20.jsonl.gz", "notes.txt"];
  for (const key of foreign) await w.ports.archives.put(key, bytesOf(encode("x")));
  const all = [...keys, ...foreign].sort();
  for (const prefix of [undefined, "", ...all.flatMap((key) => [key, key.slice(0, -3), key.slice(0, 20)])]) {
    const found = (await Array.fromAsync(w.shown.list(prefix))).map(({ key }) => key).sort();
    expect(found.filter((key) => !isRecordKey(key))).toEqual(all.filter((key) => key.startsWith(prefix ?? "")));
  }
  expect(await w.shown.stat("a.manifest-20.jsonl.gz")).toMatchObject({ size: 1 });
});

test("the manifest goes with its archive, and not without it", async () => {
  const w = await archived();
  const [manifest = "", archive = ""] = await keysOf(w);
  await w.shown.delete(manifest);
  expect(await keysOf(w)).toEqual([manifest, archive]);
  await w.shown.delete(archive);
  expect(await keysOf(w)).toEqual([]);
  expect(await w.shown.stat(manifest)).toBeUndefined();
  await expect(toBytes(w.shown.read(manifest))).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what an object takes up on disk counts once", async () => {
  const sink = { ...memoryArchives(), diskBytes: async () => 4096 };
  const [manifest, archive] = ["json", "jsonl.gz"].map(
    (ending) => `none/0b/s.20261122t000000000z.00112233445566ff.manifest-600.${ending}`,
  );
  const shown = manifestsApart(sink);
  expect([await shown.diskBytes?.(manifest ?? ""), await shown.diskBytes?.(archive ?? "")]).toEqual([0, 4096]);
  expect(manifestsApart(memoryArchives())).not.toHaveProperty("diskBytes");
});

describe("a header that is not that of its key", () => {
  test.each([0, 3, 9, 10, 11, 12, 13, 14, 15])(
    "with another byte %i is damage, and costs nothing but the frame",
    async (at) => {
      const w = await archived();
      const [[key = "", object = new Uint8Array()] = []] = [...(await stored(w))];
      const damaged = object.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      await w.ports.archives.delete(key);
      await w.ports.archives.put(key, bytesOf(damaged));
      await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
      expect((await w.archiver.salvage("s")).outcome).toBe("mended");
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(jsonl(20));
    },
  );

  test("cut off within it is a damaged archive, at every length", async () => {
    const w = await archived();
    const [[key = "", object = new Uint8Array()] = []] = [...(await stored(w))];
    for (let length = 0; length < 40; length++) {
      await w.ports.archives.delete(key);
      await w.ports.archives.put(key, bytesOf(object.slice(0, length)));
      await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
      await expect(readText(w, "s")).rejects.toMatchObject({ code: "CORRUPT" });
    }
  });
});

test("a damaged inline manifest costs a warning; salvage puts another beside the archive, which stays", async () => {
  const w = await archived();
  const [[key = "", object = new Uint8Array()] = []] = [...(await stored(w))];
  const damaged = object.slice();
  damaged[100] = (damaged[100] ?? 0) ^ 1;
  await w.ports.archives.delete(key);
  await w.ports.archives.put(key, bytesOf(damaged));
  expect(await readText(w, "s")).toBe(jsonl(20));
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "manifest" });
  await w.archiver.verify("s");
  expect((await w.archiver.info("s")).archiveKey).toBe(key);
  await w.archiver.gc({ graceDays: 0 });
  expect((await stored(w)).get(key)).toEqual(damaged);
  expect(await readText(w, "s")).toBe(jsonl(20));
});

test("facts that come later are in another manifest; the inline one is not given up while its archive is needed", async () => {
  const w = await archived();
  const describe: Describe = { by: "test", version: 1, open: () => ({ add() {}, values: () => ({ seen: true }) }) };
  await world({ ...w.ports, describe }).archiver.describe("s");
  expect((await w.archiver.info("s")).facts?.values).toEqual({ seen: true });
  expect((await stored(w)).size).toBe(2);
  expect((await metaOf(w))[KEY.givenUp]).toBeUndefined();
  expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({
    keys: [],
    archiveBytesFreed: 0,
    unknown: { count: 0 },
  });
  await w.archiver.restore("s");
  await w.archiver.gc({ graceDays: 0 });
  expect((await stored(w)).size).toBe(0);
});

test("it goes on like any other: short again, then a part of its own, and one file by a repack", async () => {
  const w = await archived(jsonl(20), { title: "kept" });
  let text = jsonl(20);
  for (const more of [jsonl(3, 2), longLines(80, 3), jsonl(2, 4)]) {
    await w.archiver.recorder("s").append(more);
    text += more;
    await w.archiver.archive("s");
    await w.archiver.gc({ graceDays: 0 });
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(text);
  }
  const kinds = [...(await stored(w)).keys()].map((key) => key.replace(/^.*?z\.[0-9a-f]{16}/, "").replace(/\d+/g, "N"));
  expect(kinds.sort()).toEqual([".follows-N-N.jsonl.gz", ".json", ".jsonl.gz"]);
  await w.archiver.archive("s", { repack: true });
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(text);
});

test("as the first of several parts it is copied whole, without its manifest", async () => {
  const policy = { inlineManifestBytes: 1024 * 1024, smallPartBytes: 1000 };
  const w = world({ policy });
  const first = longLines(400);
  await makeSession(w, "s", first);
  await w.archiver.archive("s");
  expect([...(await stored(w)).keys()].map((key) => parseKey(key)?.manifestBytes !== undefined)).toEqual([true]);
  await w.archiver.recorder("s").append(longLines(20, 2));
  await w.archiver.archive("s");
  await w.archiver.gc({ graceDays: 0 });
  expect((await stored(w)).size).toBe(3);
  await w.archiver.verify("s");
  await w.archiver.archive("s", { repack: true });
  await w.archiver.gc({ graceDays: 0 });
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(first + longLines(20, 2));
});

test("a rebuild from such archives alone gives the catalogue again", async () => {
  const w = await archived(jsonl(20), { title: "kept" });
  const before = await w.archiver.info("s");
  for (const quick of [false, true]) {
    const next = world({ ...world().ports, archives: w.ports.archives });
    expect(await next.archiver.rebuild({ quick })).toMatchObject({ made: ["s"], failures: [] });
    expect(await next.archiver.info("s")).toMatchObject({
      ...{ archiveKey: before.archiveKey, archiveBytes: before.archiveBytes, lineCount: before.lineCount },
      meta: { title: "kept" },
    });
    expect((await stored(w)).size).toBe(1);
  }
});

test.each([
  ["with a sidecar", async (w: World) => w.ports.blobs.create({ id: "s", name: "side" }, "1", bytesOf(encode("x")))],
  ["with much metadata", async (w: World) => w.archiver.update("s", (meta) => ({ ...meta, note: "ü".repeat(20_000) }))],
  ["of more bytes", async (w: World) => w.archiver.recorder("s").append(longLines(80))],
])("a session %s has its manifest beside it", async (_, change) => {
  const w = world();
  await makeSession(w, "s", jsonl(20));
  await change(w);
  await w.archiver.archive("s");
  expect([...(await stored(w)).keys()].filter((key) => key.endsWith(".json"))).toHaveLength(1);
  await w.archiver.verify("s");
});

test("an export has no manifest in it", async () => {
  const w = await archived(jsonl(20), { title: "a secret name" });
  const { bytes } = await w.archiver.export("s", { as: "gzip" });
  const gzip = Buffer.from(await bytes.bytes());
  expect(gunzipSync(gzip).toString()).toBe(jsonl(20));
  expect(gzip.includes("a secret name")).toBe(false);
  expect(gzip[3]).toBe(0);
});

test("a sink that keeps other bytes of it is found out, wherever they are", async () => {
  for (const at of [12, 200, -30, -5]) {
    const w = world();
    await makeSession(w, "s", jsonl(20));
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const bytes = (await toBytes(body)).slice();
      const place = at < 0 ? bytes.length + at : at;
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      return put(key, bytesOf(bytes), op);
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect((await w.archiver.info("s")).state).toBe("live");
    expect((await stored(w)).size).toBe(0);
  }
});
