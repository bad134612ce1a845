/** The last look before bytes are given up. */
import { describe, expect, test } from "vitest";
import { memoryArchives } from "../../../src/adapter.js";
import { createArchiver, type OwnMeta } from "../../../src/index.js";
import { archived, copyOf, text } from "../../catalogues.js";
import { DAY, readText, type World, world } from "../../support.js";

const PURGE = { maxTotalBytes: 0, graceDays: 0 };

describe("set back to before", () => {
  test("the middle of an undo, when its record was noted and nothing done: a purge finishes the undo", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    let backup: World | undefined;
    const own = w.ports.objects.ownMeta as OwnMeta;
    const put: OwnMeta["put"] = async (...args) => {
      const version = await own.put(...args);
      backup ??= await copyOf(w);
      return version;
    };
    const objects = { ...w.ports.objects, ownMeta: { get: own.get, put } };
    await world({ ...w.ports, objects }).archiver.undoPrune("s");
    expect((await backup?.archiver.info("s"))?.state).toBe("pruned");
    expect(await backup?.archiver.prune({ graceDays: 0 })).toMatchObject({ refused: null, archiveBytesFreed: 0 });
    expect((await backup?.archiver.info("s"))?.state).toBe("archived");
    expect(await readText(w, "s")).toBe(text);
    if (backup) backup.now += DAY;
    await backup?.archiver.pruneSession("s");
    expect((await backup?.archiver.prune({ graceDays: 0 }))?.archiveBytesFreed).toBeGreaterThan(0);
  });
});

test("in another store's sink a purge gives nothing up, and says that it is another", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const swapped = createArchiver({ ...w.ports, archives: memoryArchives(), now: () => w.now });
  const report = await swapped.prune(PURGE);
  expect(report).toMatchObject({ purgedCount: 0, failures: [{ id: "s", code: "CORRUPT" }] });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(text);
});
