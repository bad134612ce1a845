import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callersOf, inFamilies, subagentsOf } from "../../src/client/families.ts";

interface Member {
  readonly id: string;
  readonly agentSession: string | null;
  readonly caller: string | null;
}

const member = (id: string, agentSession: string | null, caller: string | null = null): Member => ({
  id,
  agentSession,
  caller,
});

const shown = (rows: readonly Member[], all = rows): readonly string[] =>
  inFamilies(rows, callersOf(all)).map(({ row, depth }) => `${"  ".repeat(depth)}${row.id}`);

describe("subagents", () => {
  const rows = [
    member("p/s1/agent-b", "c:s1/agent-b", "c:s1"),
    member("p/s2", "c:s2"),
    member("p/s1/agent-b/deep", "c:deep", "c:s1/agent-b"),
    member("p/s1", "c:s1"),
    member("p/s1/agent-a", "c:s1/agent-a", "c:s1"),
    member("lost", "c:s9/agent-x", "c:s9"),
  ];

  test("stand below the session that called them, in the order of the list", () => {
    expect(shown(rows)).toEqual(["p/s2", "p/s1", "  p/s1/agent-b", "    p/s1/agent-b/deep", "  p/s1/agent-a", "lost"]);
  });

  test("stand below the next caller up if theirs is not shown, or for themselves", () => {
    const without = (...ids: string[]): Member[] => rows.filter(({ id }) => !ids.includes(id));
    expect(shown(without("p/s1/agent-b"), rows)).toContain("  p/s1/agent-b/deep");
    expect(shown(without("p/s1", "p/s1/agent-b"), rows)).toContain("p/s1/agent-b/deep");
  });

  test("belong to the nearest of several copies of their caller", () => {
    const copies = [member("x/s1", "c:s1"), member("p/s1", "c:s1"), member("p/s1/agent-a", "c:s1/agent-a", "c:s1")];
    expect(shown(copies)).toEqual(["x/s1", "p/s1", "  p/s1/agent-a"]);
  });

  test("are found with theirs", () => {
    const ids = subagentsOf("p/s1", rows, callersOf(rows)).map(({ id }) => id);
    expect(ids).toEqual(["p/s1/agent-b", "p/s1/agent-b/deep", "p/s1/agent-a"]);
  });
});

test("whatever the rows claim, each is shown once, below its own caller or at the top", () => {
  const name = fc.constantFrom("c:1", "c:2", "c:3", "c:4", null);
  const rows = fc.uniqueArray(fc.record({ id: fc.string({ maxLength: 3 }), agentSession: name, caller: name }), {
    selector: ({ id }) => id,
    maxLength: 12,
  });
  fc.assert(
    fc.property(rows, fc.func(fc.boolean()), (all, isShown) => {
      const callers = callersOf(all);
      const some = all.filter(({ id }) => isShown(id));
      const placed = inFamilies(some, callers);
      expect(new Set(placed.map(({ row }) => row))).toEqual(new Set(some));
      expect(placed).toHaveLength(some.length);
      for (const [index, { row, depth }] of placed.entries()) {
        const above = placed.slice(0, index).findLast((other) => other.depth === depth - 1);
        if (depth > 0) expect(subagentsOf(above?.row.id ?? "", all, callers)).toContain(row);
        expect(subagentsOf(row.id, all, callers)).not.toContain(row);
      }
    }),
  );
});
