/** In which order sessions are archived where there is little space. */
import { expect, test } from "vitest";
import { ArchiverError } from "../../../src/index.js";
import { archiveInLittleSpace } from "../../../src/ops/sweep/in-little-space.js";

/** Each archive needs its share and frees four times as much. Resolves to the ids in the order in which they were tried. */
async function triedIn(space: number, needs: Readonly<Record<string, number>>): Promise<readonly [string[], boolean]> {
  const tried: string[] = [];
  let free = space;
  const archive = async (id: string): Promise<number> => {
    tried.push(id);
    const need = needs[id] ?? 0;
    if (need > free) throw new ArchiverError("QUOTA", "There is no space.");
    free += 4 * need;
    return 4 * need;
  };
  const waiting = Object.entries(needs).map(([id, need]) => ({ id, liveBytes: 5 * need, need }));
  const isDone = await archiveInLittleSpace(waiting, archive, () => {});
  return [tried, isDone];
}

test("freed bytes are room for what was refused", async () => {
  expect(await triedIn(12, { a: 100, b: 40, c: 10, d: 9 })).toEqual([["a", "c", "b", "a", "d"], true]);
});

test("after three refusals in a row the smallest is tried, and then none", async () => {
  const needs = { a: 4096, b: 1024, c: 256, d: 64, e: 16, f: 4 };
  expect(await triedIn(5, needs)).toEqual([["a", "b", "c", "f", "e", "d", "c", "b", "a"], true]);
  expect(await triedIn(3, needs)).toEqual([["a", "b", "c", "f"], false]);
});
