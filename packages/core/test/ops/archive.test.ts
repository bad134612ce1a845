import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { scanArchive } from "../../src/format/scan.js";
import { bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { codec, encode, jsonl, keysOf, loseManifests, makeSession, NOW, readText, world } from "../support.js";

const TWO_LINES = '{"a":1}\n{"b":2}\n';

test("a missing or empty output archives to nothing and says so", async () => {
  const w = world();
  await makeSession(w, "empty", "");
  await w.ports.objects.put("missing", { view: "agent" }, null);
  for (const id of ["empty", "missing"]) {
    const before = await w.ports.objects.get(id);
    expect(await w.archiver.archive(id)).toMatchObject({ outcome: "empty", rawBytes: 0, archivedAt: NOW });
    expect(await w.ports.objects.get(id)).toEqual(before);
  }
  expect(await keysOf(w)).toEqual([]);
});

test("the archive is gzip of the output", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await w.archiver.archive("s");
  const path = String((await w.ports.objects.get("s"))?.meta["session:archive_path"]);
  expect(gunzipSync(await toBytes(w.ports.archives.read(path))).toString()).toBe(TWO_LINES);
});

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
