/** Salvage where the manifest is lost, torn, foreign or forged, with and without damage to the archive. */
import { expect, test } from "vitest";
import { quarantineKey } from "../../../src/format/keys.js";
import { APART, encode, jsonl, makeSession, readText, world } from "../../support.js";
import { archived, flip, keyAt, overwrite, sinkBytesOf, THREE, without } from "./support.js";

test.each([
  ["missing", async (w, key) => w.ports.archives.delete(key)],
  ["torn", async (w, key) => overwrite(w, key, (await sinkBytesOf(w, key)).subarray(0, 300))],
  ["of another session", async (w, key) => overwrite(w, key, await foreignManifest())],
  [
    "forged",
    async (w, key) => {
      const text = new TextDecoder().decode(await sinkBytesOf(w, key));
      await overwrite(w, key, encode(text.replace('"view":"agent"', '"view":"hidden"')));
    },
  ],
] as readonly [string, (w: Awaited<ReturnType<typeof archived>>, key: string) => Promise<void>][])(
  "a manifest that is %s is made anew, and the bad one is kept",
  async (how, harm) => {
    const w = await archived(THREE, { sidecar: "1\n" });
    const key = await keyAt(w, "manifestKey");
    await harm(w, key);
    const bad = how === "missing" ? undefined : await sinkBytesOf(w, key);
    const done = await w.archiver.salvage("s");
    expect(done).toMatchObject({ outcome: "manifest", leftInPlace: [] });
    await w.archiver.verify("s");
    expect(await readText(w, "s")).toBe(THREE);
    expect(done.quarantined).toEqual(bad ? [quarantineKey(key)] : []);
    if (bad) expect(await sinkBytesOf(w, quarantineKey(key) ?? "")).toEqual(bad);
  },
);

async function foreignManifest(): Promise<Uint8Array> {
  const other = world(APART);
  await makeSession(other, "t", jsonl(3));
  await other.archiver.archive("t");
  return sinkBytesOf(other, await keyAt(other, "manifestKey", "t"));
}

test("without a manifest, what inflates is saved, and said to be unproven", async () => {
  const w = await archived(THREE);
  const key = await keyAt(w, "archiveKey");
  await w.ports.archives.delete(await keyAt(w, "manifestKey"));
  const bytes = await sinkBytesOf(w, key);
  bytes.fill(7, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.5) + 5000);
  await overwrite(w, key, bytes);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", files: [{ isExact: false, unproven: true }] });
  expect(done.files[0]?.lostLines).toHaveLength(1);
  expect(await readText(w, "s")).toBe(without(THREE, done.files[0]?.lostLines ?? []));
  await w.archiver.verify("s");
});

test("rows that are left of a torn manifest prove the segments that they describe", async () => {
  const w = await archived(THREE);
  const [key, manifest] = [await keyAt(w, "archiveKey"), await keyAt(w, "manifestKey")];
  await overwrite(w, manifest, (await sinkBytesOf(w, manifest)).subarray(0, -20));
  const bytes = await sinkBytesOf(w, key);
  bytes.fill(7, bytes.length - 5000, bytes.length - 4000);
  await overwrite(w, key, bytes);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", files: [{ unproven: false }] });
  expect(await readText(w, "s")).toBe(without(THREE, done.files[0]?.lostLines ?? []));
});

test("a manifest that only looks wrong still gives its rows", async () => {
  const w = await archived(THREE);
  const [key, manifest] = [await keyAt(w, "archiveKey"), await keyAt(w, "manifestKey")];
  const text = new TextDecoder().decode(await sinkBytesOf(w, manifest));
  await overwrite(w, manifest, encode(text.replace('"view":"agent"', '"view":"hidden"')));
  await flip(w, key, 0.5);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", files: [{ unproven: false, isExact: true }] });
  expect(done.quarantined).toEqual([quarantineKey(key), quarantineKey(manifest)]);
  expect(await readText(w, "s")).toBe(without(THREE, done.files[0]?.lostLines ?? []));
});
