/** The files of a session, as `files` lists them. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf } from "../../src/index.js";
import { encode, jsonl, makeSession, world } from "../support.js";

const TEXT = jsonl(20);

test("live blobs, archives, manifest and what restores kept, with the sizes that are there", async () => {
  const w = world();
  const { archiver, ports } = w;
  await makeSession(w, "s", TEXT);
  await ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  const live = [
    { name: "output", bytes: TEXT.length },
    { name: "side", bytes: 9 },
  ];
  const nothing = { archive: [], manifest: null, kept: [] };
  expect(await archiver.files("s")).toEqual({ live: expect.arrayContaining(live), ...nothing });

  await archiver.archive("s");
  const { archiveKey, totalBytes } = await archiver.info("s");
  const archived = await archiver.files("s");
  expect(archived).toMatchObject({ live: [], kept: [] });
  expect(archived.archive.find(({ name }) => name === "output")).toEqual({
    ...{ name: "output", key: archiveKey, rawBytes: TEXT.length, lineCount: 20 },
    bytes: (await ports.archives.stat(archiveKey ?? ""))?.size,
  });
  expect(archived.archive.find(({ name }) => name === "side")).toMatchObject({ rawBytes: 9, lineCount: 1 });
  const sizes = [archived.manifest, ...archived.archive].map((file) => file?.bytes ?? 0);
  expect(sizes.reduce((sum, bytes) => sum + bytes)).toBe(totalBytes);

  await archiver.restore("s", { keepArchive: true });
  const restored = await archiver.files("s");
  expect(restored).toMatchObject({ archive: [], manifest: null });
  const keys = [...archived.archive, archived.manifest].map((file) => file?.key);
  expect(restored.kept.map(({ key }) => key).sort()).toEqual(keys.sort());
  await ports.archives.delete(archiveKey ?? "");
  expect((await archiver.files("s")).kept).toContainEqual({ key: archiveKey, bytes: null });
});

test("a file missing in the sink is listed as missing", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  const { archive, manifest } = await w.archiver.files("s");
  for (const { key } of [...archive, ...(manifest ? [manifest] : [])]) await w.ports.archives.delete(key);
  const missing = archive.map((file) => ({ ...file, bytes: null }));
  expect(await w.archiver.files("s")).toMatchObject({ archive: missing, manifest: { ...manifest, bytes: null } });
});

test("an unknown session is NOT_FOUND, one whose metadata can't be understood CORRUPT", async () => {
  const w = world();
  await w.ports.objects.put("broken", { view: "agent", [KEY.archivedAt]: 5, [KEY.archiveFiles]: 7 }, null);
  await expect(w.archiver.files("none")).rejects.toMatchObject({ code: "NOT_FOUND", id: "none" });
  await expect(w.archiver.files("broken")).rejects.toMatchObject({ code: "CORRUPT", id: "broken" });
});
