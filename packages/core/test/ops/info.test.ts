/** What a session is, in each state: sizes, times, and what a tombstone leaves. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { DAY, NOW, sinkBytes, world } from "../support.js";
import { inState, MORE, STATES, TEXT } from "./states.js";

const rawBytes = TEXT.length;
const nothing = { archivedAt: null, archiveKey: null, resumedAt: null, prunedAt: null, purgedAt: null, lost: null };
const archived = { ...nothing, archivedAt: NOW, archiveKey: expect.stringMatching(/\.jsonl\.gz$/) };
const pruned = { state: "pruned", rawBytes, liveBytes: 0, prunedAt: NOW, pruneReason: "asked for" };

const EXPECTED: Readonly<Record<(typeof STATES)[number], object>> = {
  live: { ...nothing, state: "live", rawBytes, liveBytes: rawBytes },
  archived: { ...archived, state: "archived", rawBytes, liveBytes: 0 },
  resumed: { ...archived, state: "resumed", resumedAt: NOW, rawBytes: rawBytes + MORE.length, liveBytes: MORE.length },
  restored: { ...nothing, state: "live", rawBytes, liveBytes: rawBytes },
  kept: { ...nothing, state: "live", rawBytes, liveBytes: rawBytes },
  pruned: { ...archived, ...pruned, purgedAt: null, undoableUntil: NOW + 7 * DAY },
  purged: {
    ...nothing,
    ...pruned,
    purgedAt: NOW,
    undoableUntil: null,
    lost: expect.objectContaining({ bytes: rawBytes }),
  },
};

test.each(STATES)("of a %s session", async (state) => {
  const w = await inState(state);
  const info = await w.archiver.info("s");
  expect(info).toMatchObject({ id: "s", pinned: false, versions: [], aliases: [], facts: null, ...EXPECTED[state] });
  // What a restore was asked to keep, or has given up, is in the sink still, and no part of the session.
  expect(info.archiveBytes).toBe(info.archiveKey === null ? 0 : await sinkBytes(w));
  expect(info.totalBytes).toBe(info.liveBytes + info.archiveBytes);
  expect(info.meta).toEqual((await w.ports.objects.get("s"))?.meta);
});

test("new output shows before it is noted", async () => {
  const w = await inState("archived");
  const { put } = w.ports.objects;
  await w.archiver.recorder("s", { statsEveryMs: 1e9 }).append(MORE);
  w.ports.objects.put = put;
  const object = await w.ports.objects.get("s");
  const { [KEY.resumedAt]: _, ...unmarked } = object?.meta ?? {};
  await w.ports.objects.put("s", unmarked, object?.version ?? null);
  expect(await w.archiver.info("s")).toMatchObject({ state: "resumed", liveBytes: MORE.length, resumedAt: null });
});

test("a session that there isn't is NOT_FOUND, one whose metadata can't be understood CORRUPT", async () => {
  const w = world();
  await w.ports.objects.put("broken", { view: "agent", [KEY.archivedAt]: 5, [KEY.archiveFiles]: 7 }, null);
  await expect(w.archiver.info("none")).rejects.toMatchObject({ code: "NOT_FOUND", id: "none" });
  await expect(w.archiver.info("broken")).rejects.toMatchObject({ code: "CORRUPT", id: "broken" });
});

test("sizes and counts that can't be right are shown as 0", async () => {
  const w = world();
  for (const [i, wrong] of [1e308, -1, 0.5, "5", null].entries()) {
    const meta = {
      [KEY.lineCount]: wrong,
      [KEY.archiveBytes]: wrong,
      [KEY.archivedRawBytes]: wrong,
      [KEY.lostBytes]: wrong,
    };
    await w.ports.objects.put(`${i}`, { ...meta, [KEY.prunedAt]: 1, [KEY.purgedAt]: 1 }, null);
    expect(await w.archiver.info(`${i}`)).toMatchObject({ lineCount: 0, rawBytes: 0, totalBytes: 0 });
  }
});
