/** Many units at once, whose folders of what is held aside come and go side by side. */
import { expect, test } from "vitest";
import { undoRun } from "../../src/undo.js";
import { treeOf } from "../support/tree.js";
import { DAY_MS, lines, put, world } from "../support/world.js";

const UNITS = 60;
const ROUNDS = 3;

test("all of them are freed, and all come back, in every round", async () => {
  const w = await world("memory");
  for (let n = 0; n < UNITS; n++) {
    await put(w, `p${n % 2}/s${n}.jsonl`, lines(2));
    await put(w, `p${n % 2}/s${n}/r.txt`, `result ${n}`);
  }
  const before = await treeOf(w.root);
  for (let round = 0; round < ROUNDS; round++) {
    const { done, failures } = await w.sweep();
    expect(failures).toEqual([]);
    expect(done.filter(({ outcome }) => outcome !== "freed").map(({ why }) => why)).toEqual([]);
    expect(done).toHaveLength(UNITS);
    expect(Object.keys(await treeOf(w.root))).toEqual(["p0", "p1"]);
    const { restored, failures: notBack } = await undoRun(w.host);
    expect(notBack).toEqual([]);
    expect(restored).toHaveLength(UNITS);
    expect(await treeOf(w.root)).toEqual(before);
    w.now += 10 * DAY_MS;
  }
});
