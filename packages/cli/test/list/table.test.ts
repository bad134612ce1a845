/** A list for people: columns fit the width, and titles give way. */
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import type { ListedSession } from "../../src/index.js";
import { tableText } from "../../src/list/table.js";
import type { Unit } from "../../src/list/units.js";
import { formatAge } from "../../src/output/ages.js";

const NOW = Date.UTC(2026, 0, 31);
const HOUR_MS = 3_600_000;

const SESSION: ListedSession = {
  id: "claude-code:0b2c41d8-7e15",
  shortId: "0b2c41d8",
  ...{
    agent: "claude-code",
    title: "Why does the cart total differ by a cent?",
    project: "shop",
    cwd: "/home/me/shop",
  },
  ...{
    branch: "fix/cart-rounding-of-cents",
    models: ["claude-opus-4-5"],
    startedAt: null,
    lastActivityMs: NOW - 2 * HOUR_MS,
  },
  ...{ lineCount: 42, messages: { user: 20, assistant: 22 }, rawBytes: 31_000, liveBytes: 31_000, archiveBytes: 0 },
  ...{
    totalBytes: 31_000,
    state: "live",
    archivedAt: null,
    archiveKey: null,
    pinned: false,
    undoableUntil: null,
    forgottenAt: null,
  },
  ...{ parentId: null, isSubagent: false, children: 0, tokens: null },
};

async function linesOf(sessions: readonly ListedSession[], columns: number, wide = false): Promise<readonly string[]> {
  async function* units(): AsyncGenerator<readonly Unit[]> {
    for (const session of sessions) yield [{ session, children: [] } as unknown as Unit];
  }
  let text = "";
  for await (const part of tableText(units(), { wide, columns, now: NOW })) text += part;
  return text.split("\n").slice(0, -1);
}

test.each([
  [
    Number.POSITIVE_INFINITY,
    "live    2h  claude-code  shop     fix/cart-rounding-of-cents    42  31 kB  Why does the cart total differ by a cent?  0b2c41d8",
  ],
  [
    110,
    "live    2h  claude-code  shop     fix/cart-roundi…    42  31 kB  Why does the cart total differ by …  0b2c41d8",
  ],
  [90, "live    2h  claude-code  shop     fix/cart-r…    42  31 kB  Why does the cart t…  0b2c41d8"],
  [80, "live    2h  claude-code  shop       42  31 kB  Why does the cart tota…  0b2c41d8"],
  [60, "live    2h  shop       42  Why does the cart tota…  0b2c41d8"],
  [50, "live    2h  shop       42  Why does the…  0b2c41d8"],
])("in %d columns", async (columns, line) => {
  const [head = "", row] = await linesOf([SESSION], columns);
  expect({ row, isWithin: [head, row ?? ""].every((one) => one.length <= columns) }).toEqual({
    row: line,
    isWithin: true,
  });
});

test("never exceeds the width by what is text, in any script", async () => {
  const text = fc.oneof(
    fc.constant(null),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constant("漢字".repeat(30)),
  );
  const session = fc.record({ title: text, branch: text, project: text });
  await fc.assert(
    fc.asyncProperty(
      fc.array(session, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 70, max: 200 }),
      async (some, columns) => {
        const lines = await linesOf(
          some.map((one) => ({ ...SESSION, ...one })),
          columns,
        );
        expect(lines).toHaveLength(some.length + 1);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        for (const line of lines.slice(1)) expect(line.endsWith("0b2c41d8")).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test("gives rows as they come, once some hundred were seen", async () => {
  let asked = 0;
  async function* units(): AsyncGenerator<readonly Unit[]> {
    for (; asked < 2000; asked++) yield [{ session: SESSION, children: [] } as unknown as Unit];
  }
  const text = tableText(units(), { wide: false, columns: 100, now: NOW })[Symbol.asyncIterator]();
  const first = await text.next();
  expect(String(first.value).split("\n")).toHaveLength(502);
  expect(asked).toBeLessThan(510);
  await text.return?.(undefined);
});

describe("a state", () => {
  const cell = async (session: Partial<ListedSession>, wide = false): Promise<string | undefined> =>
    (await linesOf([{ ...SESSION, ...session }], 200, wide))[1]?.split(/ {2,}/)[0];

  test("says whether the session is pinned, and how long a prune can be undone", async () => {
    expect(await cell({ pinned: true })).toBe("live*");
    expect(await cell({ pinned: true }, true)).toBe("live, pinned");
    const pruned = { state: "pruned", archivedAt: 1, undoableUntil: NOW + 50 * HOUR_MS } as const;
    expect(await cell(pruned)).toBe("pruned 2d");
    expect(await cell(pruned, true)).toMatch(/^pruned, can be undone until 2026-02-0/);
    expect(await cell({ ...pruned, undoableUntil: NOW - 1 })).toBe("pruned");
    expect(await cell({ ...pruned, archivedAt: null })).toBe("pruned");
  });
});

test.each([
  [0, "now"],
  [-HOUR_MS, "now"],
  [59_000, "now"],
  [60_000, "1m"],
  [59 * 60_000, "59m"],
  [HOUR_MS, "1h"],
  [23.9 * HOUR_MS, "23h"],
  [24 * HOUR_MS, "1d"],
  [13.9 * 24 * HOUR_MS, "13d"],
  [14 * 24 * HOUR_MS, "2w"],
  [69 * 24 * HOUR_MS, "9w"],
])("an age of %d ms is %s", (age, text) => expect(formatAge(NOW - age, NOW)).toBe(text));

test("an old age is a date, an unknown one a dash", () => {
  expect(formatAge(new Date(2025, 0, 5, 9).getTime(), NOW)).toBe("2025-01-05");
  expect([formatAge(null, NOW), formatAge(8.7e15, 1e16)]).toEqual(["-", "-"]);
});
