/** Reads of an archive's end, and their cost: with the manifest, with a long one, and without. */
import { describe, expect, test } from "vitest";
import { KEY, memoryArchives } from "../../src/adapter.js";
import { crc32 } from "../../src/format.js";
import { bytesOf, createArchiver, type Meta, toBytes } from "../../src/index.js";
import { countingCodec } from "../codecs.js";
import { APART, encode, jsonl, keysOf, linesOf, loseManifests, makeSession, type World, world } from "../support.js";

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

const text = jsonl(20_000); // some 3 MB: several segments

const lastLines = async (archiver: World["archiver"], count: number): Promise<string> =>
  new TextDecoder().decode(await toBytes(archiver.tail("s", count)));

const lines = linesOf(text);

/** The session in the archive, once for all tests. */
const { ports: ARCHIVED } = await archivedWorld();

async function archivedWorld(): Promise<World> {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  return w;
}

async function putArchived({ ports }: World): Promise<void> {
  await ports.objects.put("s", (await ARCHIVED.objects.get("s"))?.meta ?? {}, null);
  for await (const { key } of ARCHIVED.archives.list()) await ports.archives.put(key, ARCHIVED.archives.read(key));
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

/** Changes the metadata as no archiver would. */
async function setMeta(w: World, change: (meta: Meta) => Meta): Promise<void> {
  const { meta, version } = (await w.ports.objects.get("s")) ?? { meta: {}, version: "" };
  await w.ports.objects.put("s", change(meta), version);
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
  await putArchived(w);
  const manifest = (await manifestOf(w)).text;
  const long = manifest.replace('"meta":{', `"meta":{"note":${JSON.stringify("x".repeat(200_000))},`);
  await commitManifest(w, long);
  return long;
}

describe("the tail of an archived session", () => {
  test("inflates one segment once", async () => {
    const { w, fresh, take } = counted();
    await putArchived(w);
    const archiver = fresh();
    take();
    expect(await lastLines(archiver, 100)).toBe(lines.slice(-100).join(""));
    expect(take().inflated).toBe(1);
  });

  test("inflates one segment once where the manifest is lost, with a warning", async () => {
    const { w, fresh, take } = counted();
    await putArchived(w);
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
    const w = world(APART);
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
    await putArchived(w);
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
