/** What stays known of what was given up. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { crc32 } from "../../src/format.js";
import { DAY, encode, makeSession, NOW, world } from "../support.js";
import { archived, text } from "./support.js";

describe("a purge", () => {
  test("leaves on record what was lost, also when the session is written to again and purged again", async () => {
    const w = await archived();
    await w.archiver.pruneSession("s", { reason: "not needed" });
    await w.archiver.prune({ graceDays: 0 });
    const lost = { bytes: text.length, purgedAt: NOW, reason: "not needed", crc32: crc32(encode(text)) };
    expect(await w.archiver.info("s")).toMatchObject({ state: "pruned", undoableUntil: null, lost });
    w.now += DAY;
    {
      await using recorder = w.archiver.recorder("s");
      await recorder.append("more\n");
    }
    expect(await w.archiver.info("s")).toMatchObject({ state: "live", prunedAt: null, lost });
    await w.archiver.archive("s");
    expect(await w.archiver.info("s")).toMatchObject({ state: "archived", lost });
    await w.archiver.pruneSession("s");
    expect(await w.archiver.info("s")).toMatchObject({ lost });
    await w.archiver.prune({ graceDays: 0 });
    const both = { bytes: text.length + 5, purgedAt: NOW + DAY, reason: "asked for", crc32: crc32(encode("more\n")) };
    expect(await w.archiver.info("s")).toMatchObject({ lost: both });
    await w.archiver.recorder("s").append("and more\n");
    expect(await w.archiver.info("s")).toMatchObject({ state: "live", lost: both });
  });

  test("by an older version left the bytes on record, and no more", async () => {
    const w = world();
    await makeSession(w, "s", text, { [KEY.lostBytes]: 12 });
    expect((await w.archiver.info("s")).lost).toEqual({ bytes: 12, purgedAt: null, reason: null, crc32: null });
  });
});
