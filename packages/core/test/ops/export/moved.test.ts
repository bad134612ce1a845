/** Exports of a session that is moved meanwhile. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ArchiverError, type Exported } from "../../../src/index.js";
import { type World, world } from "../../support.js";
import { archiveOf, changeArchive, MORE, make, TEXT } from "./support.js";

describe("moved meanwhile:", () => {
  const gone = async (w: World): Promise<void> => {
    await w.archiver.restore("s");
    await w.archiver.gc({ graceDays: 0 });
  };

  test("before the first byte it starts over, and says what it gives", async () => {
    const w = world();
    await make(w, "archived");
    const exported = await w.archiver.export("s", { as: "gzip" });
    expect(exported.copied).toBe(true);
    await gone(w);
    expect(gunzipSync(await exported.bytes.bytes()).toString()).toBe(TEXT);
    expect(exported).toMatchObject({ copied: false, size: null });
  });

  test("into another archive, it is copied from there", async () => {
    const w = world();
    await make(w, "archived");
    const exported = await w.archiver.export("s", { as: "gzip" });
    await gone(w);
    w.now += 1000;
    await w.archiver.recorder("s").append(MORE);
    await w.archiver.archive("s");
    const { bytes } = await archiveOf(w);
    expect(await exported.bytes.bytes()).toEqual(bytes);
    expect(exported).toMatchObject({ copied: true, size: bytes.length });
  });

  test.each(["CONFLICT", "PRUNED", "NOT_FOUND"])("after that it fails with %s", async (code) => {
    const w = world();
    await make(w, "archived");
    const { key, bytes } = await archiveOf(w);
    changeArchive(w, key, bytes); // in small chunks
    const { read } = w.ports.archives;
    w.ports.archives.read = async function* (asked, range, op) {
      let n = 0;
      for await (const chunk of read(asked, range, op)) {
        if (asked === key && n++ === 2) {
          w.ports.archives.read = read;
          if (code === "CONFLICT") await gone(w);
          else if (code === "PRUNED") await w.archiver.pruneSession("s");
          else await w.archiver.remove("s");
          throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
        }
        yield chunk;
      }
    };
    const exported: Exported = await w.archiver.export("s", { as: "gzip" });
    await expect(exported.bytes.bytes()).rejects.toMatchObject({ code, id: "s" });
  });

  test("a raw or compressed export goes on, with the bytes it began with", async () => {
    for (const as of ["jsonl", "gzip"] as const) {
      const w = world();
      await make(w, "live");
      const exported = await w.archiver.export("s", { as });
      await w.archiver.archive("s");
      await w.archiver.recorder("s").append(MORE);
      const bytes = await exported.bytes.bytes();
      expect((as === "gzip" ? gunzipSync(bytes) : Buffer.from(bytes)).toString()).toBe(TEXT);
    }
  });
});
