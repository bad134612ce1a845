/** An archive that is damaged or missing is made anew from the source. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { bytesOf, type Ports, toBytes } from "../../../src/index.js";
import { encode, jsonl, keysOf, longLines, loseManifests, readText, type World, world } from "../../support.js";
import { sourceOf, streamOf } from "./sources.js";

const FIRST = jsonl(40, 1);
const LARGE = longLines(1300, 1); // two segments
const MORE = jsonl(9, 2);

async function outputKey(w: World): Promise<string> {
  return String((await w.ports.objects.get("s"))?.meta[KEY.archiveKey]);
}

async function replace({ archives }: Ports, key: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  const bytes = await toBytes(archives.read(key));
  await archives.delete(key);
  await archives.put(key, bytesOf(change(bytes.slice())));
}

/** What has happened to the archive, and of what size it is. */
const DAMAGES: readonly (readonly [string, string, (w: World) => Promise<void>])[] = [
  ["missing", FIRST, async (w) => w.ports.archives.delete(await outputKey(w))],
  ["cut off", FIRST, async (w) => replace(w.ports, await outputKey(w), (bytes) => bytes.subarray(0, -99))],
  [
    "damaged in its second segment",
    LARGE,
    async (w) =>
      replace(w.ports, await outputKey(w), (bytes) => {
        const at = Math.floor(bytes.length * 0.9);
        bytes[at] = ((bytes[at] ?? 0) + 1) & 255;
        return bytes;
      }),
  ],
  [
    "missing, and its manifest too",
    FIRST,
    async (w) => {
      await loseManifests(w);
      await w.ports.archives.delete(await outputKey(w));
    },
  ],
];

/** A source of a version that is known is not compared: damage to the archive that leaves its size shows in a read alone. */
const WAYS = [
  ["a source", (text: string) => sourceOf(text, { version: undefined })],
  ["a stream", (text: string) => streamOf(text)],
] as const;

async function archived(first = FIRST, tail = ""): Promise<World> {
  const w = world();
  await w.archiver.import("s", sourceOf(first));
  await w.ports.blobs.create({ id: "s", name: "times" }, "live-times", bytesOf(encode("1\n2\n")));
  await w.archiver.archive("s");
  if (tail) await w.archiver.import("s", sourceOf(first + tail));
  return w;
}

describe.each(DAMAGES)("an archive that is %s", (_, first, harm) => {
  test.each(WAYS)("is made anew from %s", async (_, from) => {
    const w = await archived(first);
    const old = await outputKey(w);
    await harm(w);
    const done = await w.archiver.import("s", from(first));
    expect(done).toEqual({ id: "s", outcome: "mended", rawBytes: first.length, addedBytes: first.length });
    expect(await outputKey(w)).not.toBe(old);
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(first);
    expect(await toBytes(w.archiver.read("s", { name: "times" }))).toEqual(encode("1\n2\n"));
    await w.archiver.gc({ graceDays: 0 });
    expect(await keysOf(w)).not.toContain(old);
    await w.archiver.verify("s");
    expect(await w.archiver.import("s", from(first))).toMatchObject({ outcome: "unchanged" });
    await w.archiver.restore("s");
    expect(await readText(w, "s")).toBe(first);
  });

  test.each(WAYS)("is made anew below new output, and %s that has grown is gone on with", async (_, from) => {
    const w = await archived(first, MORE);
    await harm(w);
    const text = first + MORE + MORE;
    const done = await w.archiver.import("s", from(text));
    expect(done).toMatchObject({ outcome: "mended", rawBytes: text.length, addedBytes: first.length + MORE.length });
    expect(await readText(w, "s")).toBe(text);
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(text);
  });

  test.each(WAYS)("stays as it is where %s holds other bytes, or fewer", async (_, from) => {
    const w = await archived(first, MORE);
    await harm(w);
    const before = [await w.ports.objects.get("s"), await keysOf(w)];
    for (const text of [`${first.slice(0, -9)}X${first.slice(-8)}${MORE}`, first.slice(0, -1)]) {
      const refused = expect(w.archiver.import("s", from(text))).rejects;
      await refused.toMatchObject({ code: "CORRUPT", id: "s", message: expect.stringContaining("source") });
    }
    expect([await w.ports.objects.get("s"), await keysOf(w)]).toEqual(before);
  });
});

test("an archive whose live bytes are there still is made anew as well", async () => {
  const w = world();
  await w.archiver.import("s", sourceOf(FIRST));
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = async () => {
    throw new Error("down");
  };
  await w.archiver.archive("s");
  w.ports.blobs.delete = remove;
  await w.ports.archives.delete(await outputKey(w));
  await expect(w.archiver.settle("s")).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await w.archiver.import("s", streamOf(FIRST))).toMatchObject({ outcome: "mended" });
  expect(await w.archiver.settle("s")).toBe(FIRST.length);
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(FIRST);
});

test("a sidecar's archive that is missing too is named; the output is made anew all the same", async () => {
  const w = await archived();
  const keys = (await keysOf(w)).filter((key) => key.endsWith(".gz"));
  const sidecar = keys.find((key) => key.endsWith(".2.gz")) ?? "";
  for (const key of keys) await w.ports.archives.delete(key);
  for (let i = 0; i < 2; i++) {
    const refused = expect(w.archiver.import("s", sourceOf(FIRST))).rejects;
    await refused.toMatchObject({ code: "CORRUPT", key: sidecar, message: expect.stringContaining('"times"') });
    expect(await readText(w, "s")).toBe(FIRST);
  }
});

test("a source of a known version is read only where the archive is missing", async () => {
  const w = await archived();
  await w.ports.archives.delete(await outputKey(w));
  const source = sourceOf(FIRST);
  expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "mended" });
  const read = source.bytesRead();
  expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "unchanged" });
  expect(source.bytesRead()).toBe(read);
});

test("an archive below a tombstone is made anew as well, and one event says that the session is in use again", async () => {
  const w = await archived();
  await w.archiver.pruneSession("s");
  await w.ports.archives.delete(await outputKey(w));
  w.events.length = 0;
  expect(await w.archiver.import("s", sourceOf(FIRST))).toMatchObject({ outcome: "pruned" });
  expect(await w.archiver.import("s", sourceOf(FIRST + MORE))).toMatchObject({ outcome: "mended" });
  expect(w.events.filter(({ type }) => type === "revived")).toHaveLength(1);
  expect(await readText(w, "s")).toBe(FIRST + MORE);
  await w.archiver.verify("s");
});
