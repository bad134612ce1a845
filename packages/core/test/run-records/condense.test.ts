/** Many runs are made shorter, without losing what still matters. */
import { expect, test } from "vitest";
import type { Run } from "../../src/format.js";
import type { Change } from "../../src/index.js";
import { condense } from "../../src/run-records/condense.js";

let at = 0;
const run = (name: string, ...changes: readonly Change[]): Run => ({
  run: name,
  operation: "prune",
  at: ++at,
  changes,
});
const gone = async (): Promise<boolean> => false;

test("of each session and topic the last change stays, and how many there were", async () => {
  const runs = [
    run("a", { id: "s", change: "pruned" }, { id: "s", change: "pinned" }, { id: "t", change: "pruned" }),
    run("b", { id: "s", change: "unpruned" }),
    run("c", { id: "s", change: "unpinned" }),
  ];
  expect((await condense(runs, gone)).map(({ run: name, changes, count }) => [name, changes, count])).toEqual([
    ["a", [{ id: "t", change: "pruned" }], 3],
    ["b", [{ id: "s", change: "unpruned" }], 1],
    ["c", [{ id: "s", change: "unpinned" }], 1],
  ]);
});

test("keys of bytes that are gone are left out; those of bytes that are there stay, whatever came after", async () => {
  const runs = [
    run("a", { id: "s", change: "restored", keys: ["gone", "there"] }),
    run("b", { id: "s", change: "purged", keys: ["gone"] }),
  ];
  const [a, b] = await condense(runs, async (key) => key === "there");
  expect(a?.changes).toEqual([{ id: "s", change: "restored", keys: ["there"] }]);
  expect(b?.changes).toEqual([{ id: "s", change: "purged" }]);
});

test("a run that stands in two records counts once, and condensing again changes nothing", async () => {
  const runs = [run("a", { id: "s", change: "pruned" }), run("b", { id: "s", change: "purged" })];
  const once = await condense([...runs, ...runs], gone);
  expect(once.map(({ run: name }) => name)).toEqual(["a", "b"]);
  expect(await condense(once, gone)).toEqual(once);
});

test("of runs of which nothing matters any more, the newest thousand keep their names", async () => {
  const runs = Array.from({ length: 1200 }, (_, n) => run(`${n}`, { id: "s", change: "pinned" }));
  const left = await condense(runs, gone);
  expect(left).toHaveLength(1001);
  expect([left[0]?.run, left.at(-1)?.changes]).toEqual(["199", [{ id: "s", change: "pinned" }]]);
});

test("that a session was resumed matters as long as the archive is there which its output continued", async () => {
  const runs = [
    run("a", { id: "s", change: "resumed", archive: "there" }, { id: "t", change: "resumed", archive: "gone" }),
    run("b", { id: "s", change: "unpruned" }, { id: "u", change: "resumed" }),
  ];
  const [a, b] = await condense(runs, async (key) => key === "there");
  expect(a?.changes).toEqual([{ id: "s", change: "resumed", archive: "there" }]);
  expect(b?.changes.map(({ id }) => id)).toEqual(["s", "u"]);
});
