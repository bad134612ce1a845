/** Manifests whose times an earlier version has read otherwise. */
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { crc32, decodeManifest, type Manifest } from "../../../src/format.js";
import { bytesOf, toBytes } from "../../../src/index.js";
import { encode, jsonl, keysOf, makeSession, NOW, readText, type World, world } from "../../support.js";

const TEXT = Array.from({ length: 9000 }, (_, i) => `{"timestamp":${NOW / 1000 + i},"pad":"${"x".repeat(90)}"}\n`).join(
  "",
);

async function bytesAt({ ports }: World, key: unknown): Promise<Uint8Array> {
  return toBytes(ports.archives.read(String(key)));
}

const WRONG = 1_795_850_196;

/** An archived session whose manifest says what version 0.1 took the times for. */
async function archivedLongAgo(w: World): Promise<void> {
  await makeSession(w, "s", TEXT, { title: "kept" });
  await w.ports.blobs.create({ id: "s", name: "notes" }, "live-n", bytesOf(encode("a note")));
  await w.archiver.archive("s");
  const object = await w.ports.objects.get("s");
  const key = String(object?.meta[KEY.manifestKey]);
  const right = await bytesAt(w, key);
  const manifest = JSON.parse(new TextDecoder().decode(right));
  for (const row of manifest.files[0].segments) row[6] = WRONG;
  const wrong = encode(JSON.stringify(manifest));
  await w.ports.archives.delete(key);
  await w.ports.archives.put(key, bytesOf(wrong));
  const storedBytes = Number(object?.meta[KEY.archiveBytes]) + wrong.length - right.length;
  const meta = { ...object?.meta, [KEY.manifestCrc32]: crc32(wrong), [KEY.archiveBytes]: storedBytes };
  await w.ports.objects.put("s", meta, object?.version ?? null);
}

async function manifestOf(w: World): Promise<Manifest> {
  const key = String((await w.ports.objects.get("s"))?.meta[KEY.manifestKey]);
  return decodeManifest(await bytesAt(w, key), key);
}

async function times(w: World): Promise<readonly (number | null)[]> {
  return (await manifestOf(w)).files.flatMap(({ segments }) => segments.map(({ timestamp }) => timestamp));
}

test("are made anew on request, from the archive itself, which stays as it is", async () => {
  const w = world();
  await archivedLongAgo(w);
  const { archivedAt, archiveKey } = await w.archiver.info("s");
  const [before, keys] = [await bytesAt(w, archiveKey), await keysOf(w)];
  w.now += 60_000;
  expect(await w.archiver.archive("s")).toMatchObject({ outcome: "unchanged" });
  expect(new Set(await times(w))).toEqual(new Set([WRONG, null]));

  expect(await w.archiver.archive("s", { mendTimes: true })).toMatchObject({ outcome: "archived", liveBytesFreed: 0 });
  const { files, meta } = await manifestOf(w);
  const right = files[0]?.segments.map(({ line }) => NOW + line * 1000) ?? [];
  const found = await times(w);
  expect(found.length).toBeGreaterThan(2);
  // A segment begins somewhere in a line: its first whole line is that line, or the next.
  for (const [i, time] of right.entries()) expect([time, time + 1000]).toContain(found[i]);
  expect(found.slice(right.length)).toEqual([null]);
  expect(meta).toMatchObject({ title: "kept" });
  expect(await w.archiver.info("s")).toMatchObject({ archivedAt, archiveKey, state: "archived" });
  expect(await bytesAt(w, archiveKey)).toEqual(before);
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(TEXT);

  const after = await w.ports.objects.get("s");
  expect(await w.archiver.archive("s", { mendTimes: true })).toMatchObject({ outcome: "unchanged" });
  expect(await w.ports.objects.get("s")).toEqual(after);
  await w.archiver.gc({ graceDays: 0 });
  expect(await keysOf(w)).toHaveLength(keys.length);
  await w.archiver.verify("s");
});

test("of a resumed session are mended when its new output is archived", async () => {
  const w = world();
  await archivedLongAgo(w);
  await w.archiver.recorder("s").append(`{"timestamp":${NOW}}\n`);
  expect(await w.archiver.archive("s", { mendTimes: true })).toMatchObject({ outcome: "archived" });
  expect(await times(w)).not.toContain(WRONG);
  await w.archiver.verify("s");
  expect(await readText(w, "s")).toBe(`${TEXT}{"timestamp":${NOW}}\n`);
});

test("of other sessions there are none: they are archived, or left alone, as without it", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(10));
  expect(await w.archiver.archive("s", { mendTimes: true })).toMatchObject({ outcome: "archived" });
  const before = await w.ports.objects.get("s");
  expect(await w.archiver.archive("s", { mendTimes: true })).toMatchObject({ outcome: "unchanged" });
  expect(await w.ports.objects.get("s")).toEqual(before);
  await w.archiver.pruneSession("s");
  await expect(w.archiver.archive("s", { mendTimes: true })).rejects.toMatchObject({ code: "PRUNED" });
  await expect(w.archiver.archive("t", { mendTimes: true })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const wrong = { mendTimes: 1 } as never;
  await expect(w.archiver.archive("s", wrong)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("are not looked for in an archive that is damaged: CORRUPT, and nothing is changed", async () => {
  const w = world();
  await archivedLongAgo(w);
  const before = await w.ports.objects.get("s");
  const { archiveKey } = await w.archiver.info("s");
  const bytes = Uint8Array.from(await bytesAt(w, archiveKey));
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  await w.ports.archives.delete(archiveKey ?? "");
  await w.ports.archives.put(archiveKey ?? "", bytesOf(bytes));
  await expect(w.archiver.archive("s", { mendTimes: true })).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await w.ports.objects.get("s")).toEqual(before);
});
