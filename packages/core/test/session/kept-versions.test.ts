/** Earlier outputs that are kept: read in every way, verified, and gone with the session. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { bytesOf, type Meta, toBytes } from "../../src/index.js";
import { sourceOf } from "../ops/import/sources.js";
import { FIRST, FROM_3, LINES, sessionIn, versionText } from "../ops/import/support.js";
import { keysOf, makeSession, metaOf, readText } from "../support.js";

describe("a version", () => {
  test("is read in every way, and an unknown one is NOT_FOUND", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    const { archiver } = w;
    const version = 1;
    const text = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
      new TextDecoder().decode(await toBytes(bytes));
    expect(await text(archiver.lines("s", { from: 1, to: 3 }, { version }))).toBe(LINES.slice(1, 3).join(""));
    expect(await text(archiver.tail("s", 2, { version }))).toBe(LINES.slice(-2).join(""));
    expect(await text(archiver.read("s", { version, range: { start: 5, end: 99 } }))).toBe(FIRST.slice(5, 99));
    expect((await archiver.open("s", { version })).size).toBe(FIRST.length);
    for (const unknown of [2, 99]) {
      await expect(toBytes(archiver.read("s", { version: unknown }))).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    for (const wrong of [0, -1, 1.5, "1"]) {
      const refused = expect(archiver.open("s", { version: wrong as number })).rejects;
      await refused.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    const sidecar = archiver.open("s", { version, name: "times" });
    await expect(sidecar).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("outlives the purge of what came after it, and goes with the session", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s");
    await w.archiver.prune({ graceDays: 0 });
    await w.archiver.gc({ graceDays: 0 });
    await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
    expect(await versionText(w, 1)).toBe(FIRST);
    await w.archiver.import("s", sourceOf(FROM_3 + FIRST));
    expect(await versionText(w, 1)).toBe(FIRST);
    await w.archiver.remove("s");
    expect(await keysOf(w)).toEqual([]);
  });

  test("that is damaged is found by verify", async () => {
    const w = await sessionIn("archived");
    const key = String((await metaOf(w))[KEY.archiveKey]);
    await w.archiver.import("s", sourceOf(FROM_3));
    await w.archiver.verify("s");
    const bytes = (await toBytes(w.ports.archives.read(key))).slice();
    bytes[60] = ((bytes[60] ?? 0) + 1) & 255;
    await w.ports.archives.delete(key);
    await w.ports.archives.put(key, bytesOf(bytes));
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", key });
    await w.ports.archives.delete(key);
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT", key });
    expect(await readText(w, "s")).toBe(FROM_3);
  });

  test("of metadata that names another session's archive is CORRUPT", async () => {
    const w = await sessionIn("live");
    await w.archiver.import("s", sourceOf(FROM_3));
    const object = await w.ports.objects.get("s");
    const [kept] = (object?.meta[KEY.versions] ?? []) as readonly Meta[];
    await makeSession(w, "t", "secret\n");
    await w.archiver.archive("t");
    // All of it as it is there, so that the archive would be read where its manifest can't be.
    const [file] = ((await w.ports.objects.get("t"))?.meta[KEY.archiveFiles] ?? []) as readonly Meta[];
    const { path = "", bytes = 0, storedBytes = 0, crc32 = 0, lines = 0 } = file ?? {};
    const stolen = { ...kept, path, bytes, storedBytes, crc32, lines };
    await w.ports.objects.put("s", { ...object?.meta, [KEY.versions]: [stolen] }, object?.version ?? "");
    await expect(versionText(w, 1)).rejects.toMatchObject({ code: "CORRUPT" });
    await w.ports.objects.put(
      "s",
      { ...(await metaOf(w)), [KEY.versions]: [5, "x"] },
      (await w.ports.objects.get("s"))?.version ?? "",
    );
    await expect(versionText(w, 2)).rejects.toMatchObject({ code: "CORRUPT" });
    await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  });
});
