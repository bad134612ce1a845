/** The times of a session that is imported. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { DAY, jsonl, makeSession, metaOf, NOW, world } from "../../support.js";
import { sourceOf, streamOf } from "./sources.js";

const FIRST = jsonl(40, 1);

describe("times", () => {
  test("are the source's own where its lines tell none, and never in the future", async () => {
    const w = world();
    for (const [lastModifiedMs, expected] of [
      [NOW - DAY, NOW - DAY],
      [NOW + DAY, NOW],
      [0, NOW],
      [undefined, NOW],
    ]) {
      const id = `s ${lastModifiedMs}`;
      await w.archiver.import(id, sourceOf("{}\n", { lastModifiedMs }));
      expect((await w.archiver.info(id)).lastActivityMs).toBe(expected);
    }
  });

  test("of a host's session that holds the same bytes stay the host's", async () => {
    const w = world();
    await makeSession(w, "s", FIRST, { [KEY.lastActivity]: NOW - 5, [KEY.lineCount]: 7 });
    await w.archiver.import("s", sourceOf(FIRST));
    expect(await metaOf(w)).toMatchObject({ [KEY.lastActivity]: NOW - 5, [KEY.lineCount]: 7 });
  });

  test("are found in lines cut anywhere, but not in lines of more than 4 MiB", async () => {
    const w = world();
    const at = (ms: number): string => new Date(ms).toISOString();
    const long = `${JSON.stringify({ timestamp: at(NOW), x: "y".repeat(4 * 1024 * 1024) })}\n`;
    const text = `{"timestamp":"${at(NOW - DAY)}"}\n${long}{"timestamp":"${at(NOW - 3 * DAY)}"}`;
    await w.archiver.import("s", streamOf(text, 37_001));
    expect(await metaOf(w)).toMatchObject({ [KEY.startedAt]: NOW - 3 * DAY, [KEY.lastActivity]: NOW - DAY });
  });
});
