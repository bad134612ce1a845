/** Restores of which some files are in their places already. */
import { rm, stat, utimes } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { restoreUnit } from "../../src/restore/restore.js";
import { lines, put, world } from "../support/world.js";

test("defect: an agent's source took the unit's own files that were in place for those of another session", async () => {
  const w = await world();
  await put(w, "p/a.jsonl", lines(5));
  const result = await put(w, "p/a/r.txt", "a result");
  await w.sweep();
  const arrange = vi.spyOn(w.agent, "arrange");
  await restoreUnit(w.host, "toy:a");
  await rm(result);
  await utimes(`${w.root}/p/a.jsonl`, 1_000_000, 1_000_000);
  await restoreUnit(w.host, "toy:a");
  const paths = arrange.mock.calls.map(([, , , restored]) => restored.map(({ path }) => path));
  expect(paths).toEqual([
    ["p/a.jsonl", "p/a/r.txt"],
    ["p/a.jsonl", "p/a/r.txt"],
  ]);
  // Only what was missing is written, with its own time.
  expect((await stat(`${w.root}/p/a.jsonl`)).mtimeMs).toBe(1_000_000_000);
  expect((await stat(result)).mtimeMs).toBe(w.now - 10 * 86_400_000);
  // Nothing is missing, so there is nothing to arrange.
  expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 0 });
  expect(arrange).toHaveBeenCalledTimes(2);
});
