/** What a salvage brings back, and what it says of the rest. */
import { expect, test } from "vitest";
import { quarantineKey } from "../../../src/format/keys.js";
import { toBytes } from "../../../src/index.js";
import { jsonl, keysOf, makeSession, metaOf, readText, world } from "../../support.js";
import { archived, flip, keyAt, overwrite, sinkBytesOf, THREE, without } from "./support.js";

test("a session with nothing wrong stays as it is", async () => {
  const w = await archived(THREE, { sidecar: "1\n" });
  const before = [await w.ports.objects.get("s"), await keysOf(w)];
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "whole", quarantined: [], leftInPlace: [] });
  expect([await w.ports.objects.get("s"), await keysOf(w)]).toEqual(before);
});

test("a flipped bit costs its segment, and every other line is there again", async () => {
  const w = await archived(THREE);
  const key = await keyAt(w, "archiveKey");
  await flip(w, key, 0.5);
  const damaged = await sinkBytesOf(w, key);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", leftInPlace: [], files: [{ name: "output", from: [] }] });
  const [file] = done.files;
  expect(file).toMatchObject({ isExact: true, unproven: false, reason: expect.stringContaining("damaged segment") });
  expect(file?.lostLines).toHaveLength(1);
  const left = without(THREE, file?.lostLines ?? []);
  expect(left.length).toBe(THREE.length - (file?.lostBytes ?? 0));
  expect(left.length).toBeGreaterThan(THREE.length - 1024 * 1024 - 1);
  expect(await readText(w, "s")).toBe(left);
  await w.archiver.verify("s");
  expect(await w.ports.archives.stat(key)).toBeUndefined();
  expect(done.quarantined).toContain(quarantineKey(key));
  expect(await sinkBytesOf(w, quarantineKey(key) ?? "")).toEqual(damaged);
  const info = await w.archiver.info("s");
  expect(info).toMatchObject({ rawBytes: left.length, lineCount: left.match(/\n/g)?.length });
  expect(info.salvaged).toEqual([
    {
      ...{ at: w.now, name: "output", version: null, lostLines: file?.lostLines, lostBytes: file?.lostBytes },
      ...{ unproven: false, reason: file?.reason, quarantined: done.quarantined },
    },
  ]);
  await w.archiver.gc({ graceDays: 0 });
  await w.archiver.gc({ graceDays: 0, unknown: "delete" });
  expect(await sinkBytesOf(w, quarantineKey(key) ?? "")).toEqual(damaged);
  await w.archiver.restore("s");
  expect(await readText(w, "s")).toBe(left);
});

test("a dry run tells the same and changes nothing", async () => {
  const w = await archived(THREE);
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const before = [await w.ports.objects.get("s"), await keysOf(w)];
  const foreseen = await w.archiver.salvage("s", { dryRun: true });
  expect([await w.ports.objects.get("s"), await keysOf(w)]).toEqual(before);
  expect(foreseen.outcome).toBe("salvaged");
  expect(await w.archiver.salvage("s")).toEqual(foreseen);
});

test.each([
  ["missing", async (w, key) => w.ports.archives.delete(key)],
  [
    "random bytes",
    async (w, key) =>
      overwrite(
        w,
        key,
        new Uint8Array(9000).map((_, i) => (i * i * 7) & 255),
      ),
  ],
  ["another session's", async (w, key) => overwrite(w, key, await foreignArchive())],
] as readonly [string, (w: Awaited<ReturnType<typeof archived>>, key: string) => Promise<void>][])(
  "an archive of which nothing is left stays as it is: %s",
  async (_, harm) => {
    for (const isManifestThere of [true, false]) {
      const w = await archived(THREE, { sidecar: "1\n" });
      await harm(w, await keyAt(w, "archiveKey"));
      if (!isManifestThere) await w.ports.archives.delete(await keyAt(w, "manifestKey"));
      const before = [await w.ports.objects.get("s"), await keysOf(w)];
      const done = await w.archiver.salvage("s");
      expect(done).toMatchObject({ outcome: "lost", quarantined: [], leftInPlace: [] });
      expect(done.files[0]).toMatchObject({ name: "output", lostLines: [[0, 420]], lostBytes: THREE.length });
      expect([await w.ports.objects.get("s"), await keysOf(w)]).toEqual(before);
      await expect(readText(w, "s")).rejects.toMatchObject({ code: "CORRUPT" });
    }
  },
);

async function foreignArchive(): Promise<Uint8Array> {
  const other = world();
  await makeSession(other, "t", jsonl(30));
  await other.archiver.archive("t");
  return sinkBytesOf(other, await keyAt(other, "archiveKey", "t"));
}

test("a sidecar that is damaged is mended or salvaged like the output, and one that is lost is named", async () => {
  const w = await archived(jsonl(20), { sidecar: THREE });
  const keys = await keysOf(w);
  const sidecar = keys.find((key) => key.endsWith(".2.gz")) ?? "";
  await flip(w, sidecar, 0.5);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", files: [{ name: "output", outcome: "whole" }, { name: "times" }] });
  const left = without(THREE, done.files[1]?.lostLines ?? []);
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { name: "times" })))).toBe(left);
  expect(await readText(w, "s")).toBe(jsonl(20));
  await w.archiver.verify("s");
  const again = (await metaOf(w))["session:archive_files"] as unknown as { path: string; name: string }[];
  await w.ports.archives.delete(again.find(({ name }) => name === "times")?.path ?? "");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  expect(await w.archiver.salvage("s")).toMatchObject({ outcome: "lost", quarantined: [] });
});

test("a sidecar that is lost does not keep the output from being mended", async () => {
  const w = await archived(THREE, { sidecar: "1\n2\n" });
  const sidecar = (await keysOf(w)).find((key) => key.endsWith(".2.gz")) ?? "";
  await w.ports.archives.delete(sidecar);
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "lost", files: [{ outcome: "salvaged" }, { name: "times", outcome: "lost" }] });
  expect(await readText(w, "s")).toBe(without(THREE, done.files[0]?.lostLines ?? []));
  await expect(toBytes(w.archiver.read("s", { name: "times" }))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", key: sidecar });
  const recorder = w.archiver.recorder("s");
  await recorder.append(jsonl(3));
  await recorder.close();
  expect(await w.archiver.archive("s")).toMatchObject({ outcome: "archived" });
});

test("a damaged object that can't be copied stays where it is, and gc leaves it alone", async () => {
  const w = await archived(THREE);
  const key = await keyAt(w, "archiveKey");
  await flip(w, key, 0.5);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (to, ...rest) => {
    if (to.startsWith("quarantine/")) throw Object.assign(new Error("full"), { code: "QUOTA" });
    return put(to, ...rest);
  };
  const manifest = await keyAt(w, "manifestKey");
  const done = await w.archiver.salvage("s");
  expect(done).toMatchObject({ outcome: "salvaged", quarantined: [], leftInPlace: [key, manifest] });
  await w.archiver.verify("s");
  await w.archiver.gc({ graceDays: 0 });
  expect(await w.ports.archives.stat(key)).toBeDefined();
  expect(await w.ports.archives.stat(manifest)).toBeDefined();
});

test.each([["x"], [1], [{ dryRun: "yes" }], [{ quick: true }]])("the options %j are refused", async (options) => {
  const w = await archived("{}\n");
  await expect(w.archiver.salvage("s", options as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("an unknown session is NOT_FOUND", async () => {
  await expect(world().archiver.salvage("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
