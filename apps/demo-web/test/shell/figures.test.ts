/** How the page turns rows and plans into sums, words and order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { savedBytes } from "../../src/client/storage.ts";
import { compressionRatio, planTotals } from "../../src/client/sweep-plan.ts";
import { growth } from "../../src/storage/growth.ts";
import { stepReason } from "../../src/sweep/step-reason.ts";
import { age, bytes, counted, date, ratio } from "../../src/ui/format.ts";
import type { PlanRow, SessionRow } from "../../src/worker/api.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22);

function row(changes: Partial<SessionRow>): SessionRow {
  return {
    id: "a",
    title: "A",
    kind: "other",
    cwd: null,
    branch: null,
    models: [],
    agentSession: null,
    caller: null,
    state: "live",
    lineCount: 1,
    rawBytes: 100,
    liveBytes: 100,
    archiveBytes: 0,
    lastActivityMs: NOW - DAY,
    archivedAt: null,
    pinned: false,
    prunedAt: null,
    pruneReason: null,
    canUndo: false,
    undoableUntil: null,
    purgedAt: null,
    agentRunning: false,
    ...changes,
  };
}

const archived = (raw: number, stored: number, changes: Partial<SessionRow> = {}): SessionRow =>
  row({ state: "archived", rawBytes: raw, liveBytes: 0, archiveBytes: stored, ...changes });

describe("growth over time", () => {
  const rows = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: NOW }), raw: fc.nat(1000), stored: fc.nat(1000), live: fc.boolean() }),
    { maxLength: 30 },
  );

  test("never falls, and ends at the sum of all sessions that have a date and are not pruned", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const made = all.map(({ at, raw, stored, live }) =>
          live
            ? row({ rawBytes: raw, liveBytes: raw, lastActivityMs: at })
            : archived(raw, stored, { lastActivityMs: at }),
        );
        const ignored = [row({ lastActivityMs: null }), archived(9, 9, { state: "pruned" })];
        const points = growth([...made, ...ignored], NOW);
        expect(points.length === 0).toBe(made.length === 0);
        points.forEach((point, i) => {
          const before = points[i - 1] ?? point;
          expect(point.at).toBeGreaterThanOrEqual(before.at);
          for (const key of ["live", "archive"] as const) expect(point[key]).toBeGreaterThanOrEqual(before[key]);
        });
        const last = points.at(-1);
        if (!last) return;
        expect(last.at).toBe(NOW);
        expect(last.live).toBe(made.reduce((sum, { liveBytes }) => sum + liveBytes, 0));
        expect(last.archive).toBe(made.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0));
        expect(last.saved).toBe(made.reduce((sum, one) => sum + savedBytes(one), 0));
      }),
    );
  });

  test("a session with a time in the future is counted at the end", () => {
    expect(growth([row({ lastActivityMs: NOW + DAY })], NOW).at(-1)).toMatchObject({ at: NOW + DAY, live: 100 });
  });
});

describe("a plan", () => {
  const step = (action: PlanRow["action"], bytes: number, reason = "x"): PlanRow => ({
    id: "a",
    title: "A",
    action,
    reason,
    bytes,
  });

  test("adds up the bytes it frees, adds and prunes", () => {
    const plan = [step("archive", 1000), step("settle", 30), step("prune", 7), step("purge", 5), step("skip", 0)];
    expect(planTotals(plan, [archived(400, 100)])).toEqual({
      archiveCount: 1,
      pruneCount: 1,
      purgeCount: 1,
      liveBytesFreed: 1030,
      archiveBytesAdded: 250,
      archiveBytesFreed: 12,
    });
  });

  test("estimates by the archives so far, or by the usual ratio if there are none", () => {
    expect(compressionRatio([archived(300, 100), archived(500, 100), row({})])).toBe(4);
    expect(compressionRatio([row({})])).toBe(5);
    expect(compressionRatio([archived(0, 0)])).toBe(5);
  });

  test("gives its reasons in words", () => {
    const idle = row({ lastActivityMs: NOW - 12 * DAY - HOUR });
    expect(stepReason(step("archive", 1), idle, NOW)).toBe("Idle for 12 days");
    expect(stepReason(step("archive", 1), row({ lastActivityMs: NOW - HOUR }), NOW)).toBe("Idle for less than a day");
    expect(stepReason(step("archive", 1), undefined, NOW)).toBe("Idle");
    expect(stepReason(step("prune", 1), archived(9, 3, { archivedAt: NOW - 2 * DAY }), NOW)).toBe(
      "Over the cap · archived 2 days ago",
    );
    const pruned = archived(9, 3, { state: "pruned", prunedAt: NOW - 8 * DAY, undoableUntil: NOW - DAY });
    const [then, until] = [date(NOW - 8 * DAY), date(NOW - DAY)];
    expect(stepReason(step("purge", 1), pruned, NOW)).toBe(`Pruned on ${then}, kept until ${until}`);
    expect(stepReason(step("skip", 0, "pruned"), pruned, NOW)).toBe(`Pruned already, kept until ${until}`);
    expect(stepReason(step("skip", 0, "pinned"), idle, NOW)).toBe("Pinned");
    expect(stepReason(step("skip", 0, "a reason to come"), idle, NOW)).toBe("a reason to come");
  });
});

describe("figures", () => {
  test("sizes are rounded, not cut, to three digits", () => {
    const shown = (digits: number, unit: string): string => `${new Intl.NumberFormat().format(digits)} ${unit}`;
    expect([999, 1449, 24_800_000, 24_960_000, 303_449_999, 999_950_000].map(bytes)).toEqual([
      shown(999, "B"),
      shown(1.45, "kB"),
      shown(24.8, "MB"),
      shown(25, "MB"),
      shown(303, "MB"),
      shown(1, "GB"),
    ]);
    expect([bytes(0), bytes(1)]).toEqual(["0 B", "1 B"]);
  });

  test("ages are in the unit that fits, rounded down", () => {
    const ages = [30_000, 90_000, 3 * HOUR - 1, DAY, 44 * DAY, 61 * DAY, 800 * DAY];
    expect(ages.map((past) => age(NOW - past, NOW))).toEqual([
      "just now",
      "1 minute ago",
      "2 hours ago",
      "yesterday",
      "44 days ago",
      "2 months ago",
      "2 years ago",
    ]);
    expect(age(NOW + HOUR, NOW)).toBe("just now");
  });

  test("counts agree with their nouns; ratios need something to compare", () => {
    expect([counted(1, "session"), counted(1200, "session"), counted(0, "entry", "entries")]).toEqual([
      "1 session",
      `${new Intl.NumberFormat().format(1200)} sessions`,
      "0 entries",
    ]);
    expect([ratio(510, 100), ratio(0, 10), ratio(10, 0)]).toEqual([
      `${new Intl.NumberFormat().format(5.1)}×`,
      undefined,
      undefined,
    ]);
  });
});
