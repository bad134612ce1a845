/** Which changes of a session are on record before they are committed. */
import { expect, test } from "vitest";
import type { Meta } from "../../src/index.js";
import { changesOf } from "../../src/run-records/changes.js";
import { inState, STATES } from "../ops/states.js";
import { metaOf, NOW } from "../support.js";

async function meta(state: (typeof STATES)[number], more: Meta = {}): Promise<Meta> {
  return { ...(await metaOf(await inState(state))), ...more };
}

const kinds = (before: Meta, after: Meta): readonly string[] =>
  changesOf("s", before, after).map(({ change }) => change);

test.each([
  ["archived", "pruned", ["pruned"]],
  ["pruned", "archived", ["unpruned"]],
  ["pruned", "resumed", ["unpruned", "resumed"]],
  ["pruned", "purged", ["purged"]],
  ["archived", "purged", ["pruned", "purged"]],
  ["archived", "restored", ["restored"]],
  ["purged", "live", ["resumed"]],
  ["live", "archived", []],
  ["archived", "resumed", ["resumed"]],
  ["resumed", "archived", []],
] as const)("from %s to %s", async (before, after, expected) => {
  expect(kinds(await meta(before), await meta(after))).toEqual(expected);
});

test("pins, in any state, and of a removal nothing: it says so itself", async () => {
  const pinned = { "session:pinned": true };
  for (const state of STATES) {
    const before = await meta(state);
    expect(kinds(before, { ...before, ...pinned })).toEqual(["pinned"]);
    expect(kinds({ ...before, ...pinned }, before)).toEqual(["unpinned"]);
    expect(kinds(before, { ...before, ...pinned, "session:removing_at": NOW })).toEqual([]);
  }
});

test("a tombstone says why, since when and until when; what gives bytes up names their keys", async () => {
  const [before, pruned] = [await meta("archived"), await meta("pruned")];
  const [change] = changesOf("s", before, pruned);
  expect(change).toMatchObject({
    id: "s",
    reason: "asked for",
    prunedAt: NOW,
    purgeAfter: pruned["session:purge_after"],
  });
  const [restored] = changesOf("s", before, await meta("live"));
  expect(restored?.keys).toEqual([before["session:archive_path"], before["session:archive_manifest"]]);
  expect(restored?.archiveBytes).toBe(before["session:archive_stored_bytes"]);
  expect(restored?.archive).toBe(before["session:archive_manifest"]);
});

test("a purge says what stays in the catalogue, but not any amount of it", async () => {
  const [before, purged] = [await meta("pruned"), await meta("purged")];
  const change = changesOf("s", before, { ...purged, title: "Kept" })[0];
  expect(change).toMatchObject({
    change: "purged",
    keys: expect.arrayContaining([String(before["session:archive_path"])]),
  });
  expect(change?.meta).toMatchObject({ title: "Kept", "session:purged_at": NOW });
  expect(change?.meta).not.toHaveProperty("session:given_up");
  const large = changesOf("s", before, { ...purged, title: "x".repeat(40_000) })[0];
  expect(large?.meta).toHaveProperty("session:purged_at");
  expect(large?.meta).not.toHaveProperty("title");
});
