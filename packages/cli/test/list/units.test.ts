/** Units of a list: every session is shown once, counted as hidden, or below the one that called it. */

import type { ListedSession as Listed } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cursorAfter, placeAt } from "../../src/list/cursor.js";
import { newPage, type Page, pageOf } from "../../src/list/page.js";
import { rowOf } from "../../src/list/row.js";
import { type Hidden, type Unit, unitsOf } from "../../src/list/units.js";
import { comparePlaces, type Sort } from "../../src/select/sort.js";

interface Made {
  readonly id: string;
  readonly lastActivityMs?: number | null;
  readonly lineCount?: number;
  readonly values?: Record<string, unknown>;
}

function listed({ id, lastActivityMs = 1, lineCount = 1, values }: Made): Listed {
  const facts = values ? { by: "test", version: 1, values: values as never } : null;
  const sizes = { rawBytes: lineCount, liveBytes: lineCount, archiveBytes: 0, totalBytes: lineCount, lineCount };
  const times = {
    startedAt: null,
    prunedAt: null,
    lastActivityMs,
    archivedAt: null,
    forgottenAt: null,
    undoableUntil: null,
  };
  return { id, aliases: [], archiveKey: null, facts, pinned: false, state: "live", ...sizes, ...times };
}

interface Asked {
  readonly children?: boolean;
  readonly empty?: boolean;
  readonly ahead?: number;
  readonly sort?: Sort;
  readonly after?: string;
  readonly limit?: number;
  readonly fits?: (info: Listed) => boolean;
}

async function listOf(infos: readonly Listed[], asked: Asked = {}): Promise<{ units: Unit[]; page: Page }> {
  const { children = false, empty = false, ahead = 1000, sort = "age", after, limit = 1e9 } = asked;
  const byPlace = (a: Listed, b: Listed): number =>
    comparePlaces({ key: a.lastActivityMs, id: a.id }, { key: b.lastActivityMs, id: b.id });
  async function* newest(): AsyncGenerator<Listed> {
    yield* [...infos].sort(byPlace);
  }
  const page = newPage();
  const options = {
    ...{ children, empty, ahead },
    compare:
      sort === "age"
        ? undefined
        : (a: ReturnType<typeof rowOf>, b: ReturnType<typeof rowOf>) =>
            comparePlaces({ key: a.key, id: a.session.id }, { key: b.key, id: b.session.id }),
    fits: asked.fits ?? (() => true),
    row: (info: Listed) => rowOf(info, sort),
    isThere: async (id: string) => infos.some((info) => info.id === id),
  };
  const units: Unit[] = [];
  const place = after === undefined ? undefined : placeAt(after, sort);
  const all = unitsOf(newest(), options, page.hidden as Hidden);
  for await (const some of pageOf(all, page, { after: place, limit, toEnd: true })) units.push(...some);
  return { units, page };
}

const ids = (units: readonly Unit[]): readonly string[] => units.map(({ session }) => session.id);
const below = (units: readonly Unit[]): readonly string[] =>
  units.flatMap(({ children }) => children.map(({ id }) => id));

describe("a session of a subagent", () => {
  const family = [
    listed({ id: "c:p", lastActivityMs: 5 }),
    listed({ id: "c:p/agent-1", lastActivityMs: 6 }),
    listed({ id: "c:p/agent-2", lastActivityMs: 2 }),
    listed({ id: "c:q", lastActivityMs: 4 }),
    listed({ id: "c:r", lastActivityMs: 3, values: { isSubagent: true, parent: "c:p" } }),
  ];

  test("counts with the one that called it, by its id and by its facts", async () => {
    const { units, page } = await listOf(family);
    expect(units.map(({ session }) => [session.id, session.children])).toEqual([
      ["c:p", 3],
      ["c:q", 0],
    ]);
    expect(page).toMatchObject({ hidden: { children: 3, empty: 0 }, total: 2 });
  });

  test("is shown below it, the last active first", async () => {
    const { units, page } = await listOf(family, { children: true });
    expect(ids(units)).toEqual(["c:p", "c:q"]);
    expect(below(units)).toEqual(["c:p/agent-1", "c:r", "c:p/agent-2"]);
    expect(page.hidden).toEqual({ children: 0, empty: 0 });
  });

  test("is a row of its own where its caller isn't there, or doesn't fit", async () => {
    const orphan = [listed({ id: "c:gone/agent-1" }), listed({ id: "c:x" })];
    expect(ids((await listOf(orphan)).units)).toEqual(["c:gone/agent-1", "c:x"]);
    const fits = ({ id }: Listed): boolean => id.includes("agent");
    expect((await listOf(family, { fits })).page).toMatchObject({ hidden: { children: 2 }, total: 0 });
    expect(ids((await listOf(family, { fits, children: true })).units)).toEqual(["c:p/agent-1", "c:p/agent-2"]);
  });

  test("of one that a subagent called is below both", async () => {
    const deep = [...family, listed({ id: "c:s", lastActivityMs: 1, values: { isSubagent: true, parent: "c:r" } })];
    const { units } = await listOf(deep, { children: true });
    expect(below(units)).toEqual(["c:p/agent-1", "c:r", "c:s", "c:p/agent-2"]);
  });
});

describe("an empty session", () => {
  const said = (user: number, agent = "codex"): Record<string, unknown> => ({
    agent,
    messages: { user, assistant: 0 },
  });
  const some = [
    listed({ id: "none", lineCount: 0 }),
    listed({ id: "quiet", values: said(0) }),
    listed({ id: "said", values: said(1) }),
    listed({ id: "unknown" }),
    listed({ id: "other", values: said(0, "other") }),
    listed({ id: "caller", values: said(0) }),
    listed({ id: "caller/agent-1", values: said(1) }),
  ];

  test("is one without a line or, of a known agent, without a message, unless it called others", async () => {
    const { units, page } = await listOf(some);
    expect(ids(units)).toEqual(["caller", "other", "said", "unknown"]);
    expect(page.hidden).toEqual({ children: 1, empty: 2 });
    expect(ids((await listOf(some, { empty: true })).units)).toHaveLength(6);
  });
});

const made = fc
  .uniqueArray(
    fc.record({
      number: fc.integer({ min: 0, max: 12 }),
      caller: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null }),
      isNamed: fc.boolean(),
      lastActivityMs: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
      lineCount: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ number }) => number, maxLength: 13 },
  )
  .map((all) =>
    all.map(({ number, caller, isNamed, lastActivityMs, lineCount }) =>
      listed({
        id: isNamed && caller !== null ? `c:${caller}/agent-${number}` : `c:${number}`,
        lastActivityMs,
        lineCount,
        ...(caller !== null && !isNamed && { values: { isSubagent: true, parent: `c:${caller}` } }),
      }),
    ),
  );

test("every session is shown exactly once or counted as hidden, however few are held at a time", async () => {
  await fc.assert(
    fc.asyncProperty(
      made,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(1, 2, 3, 1000),
      async (infos, children, empty, ahead) => {
        const { units, page } = await listOf(infos, { children, empty, ahead });
        const shown = [...ids(units), ...below(units)];
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.length + page.hidden.children + page.hidden.empty).toBe(infos.length);
        expect(page.total).toBe(units.length);
      },
    ),
    { numRuns: 500 },
  );
});

test("pages joined by cursors are the whole list in any order, also while sessions come and go", async () => {
  const sorts = fc.constantFrom<Sort>("age", "started", "size", "messages", "tokens", "project", "title");
  await fc.assert(
    fc.asyncProperty(made, sorts, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (infos, sort, limit, isGone) => {
      const whole = ids((await listOf(infos, { sort })).units);
      const pages: string[] = [];
      let after: string | undefined;
      let present = infos;
      for (let n = 0; n === 0 || after !== undefined; n++) {
        const { units, page } = await listOf(present, { sort, limit, ...(after !== undefined && { after }) });
        pages.push(...ids(units));
        after = page.last && cursorAfter(page.last, sort);
        // The last one that was shown goes: the place behind it stays.
        const last = ids(units).at(-1);
        const isAlone = !infos.some(({ id, facts }) => id.startsWith(`${last}/`) || facts?.values["parent"] === last);
        if (isGone && isAlone) present = present.filter(({ id }) => id !== last);
      }
      expect(pages).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test("a cursor of another order, or of nowhere, is wrong usage", () => {
  const cursor = cursorAfter({ key: 1, id: "é\n" }, "age");
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(placeAt(cursor, "age")).toEqual({ key: 1, id: "é\n" });
  expect(() => placeAt(cursor, "size")).toThrow("--sort age");
  for (const wrong of ["", "x", "e30", cursor.slice(0, -4), Buffer.from('[2,"age",1,"a"]').toString("base64url")])
    expect(() => placeAt(wrong, "age")).toThrow("--cursor");
});
