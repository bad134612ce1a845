import { describe, expect, test } from "vitest";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Unit } from "../../src/index.js";
import { type CodexFolder, codexFolder, scanned, threadId } from "../support/rollouts.js";

const [A, B, C, D] = [threadId(1), threadId(2), threadId(3), threadId(4)];

/** A ← B ← C, and A ← D. */
async function lineage(): Promise<CodexFolder> {
  const folder = await codexFolder();
  await folder.thread(A);
  await folder.thread(B, { forked_from_id: A, history_base: { thread_id: A } });
  await folder.thread(C, { forked_from_id: B, history_base: { thread_id: B } });
  await folder.thread(D, { forked_from_id: A });
  return folder;
}

/** Native ids of those that must stay if only these stay by themselves. */
async function kept(folder: CodexFolder, staying: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { source } = folder.place;
  const units = [...(await scanned(folder)).units.values()];
  const stays = (unit: Unit): boolean => staying.includes(unit.nativeId);
  const freeing = units.filter((unit) => !stays(unit));
  const found = await source.neededBy(folder.place, nodeFiles(), freeing, units.filter(stays), {});
  return new Map([...found].map(([id, why]) => [id.replace("codex:", ""), why]));
}

describe("a thread that stays keeps", () => {
  test("all that it was made from, however long ago, and says why", async () => {
    const why = `codex:${C} stays, and can't be resumed without it`;
    expect(await kept(await lineage(), [C])).toEqual(
      new Map([
        [A, why],
        [B, why],
      ]),
    );
  });

  test("nothing that was made from it, and none of its siblings", async () => {
    const folder = await lineage();
    expect([...(await kept(folder, [A])).keys()]).toEqual([]);
    expect([...(await kept(folder, [D])).keys()]).toEqual([A]);
    expect([...(await kept(folder, [B, D])).keys()]).toEqual([A]);
  });

  test("what a staying thread between them needs", async () => {
    expect([...(await kept(await lineage(), [B, C])).keys()]).toEqual([A]);
  });
});

test("a lineage of which nothing stays goes as a whole", async () => {
  expect(await kept(await lineage(), [])).toEqual(new Map());
});

test("threads that need each other, as only a damaged file says, keep each other", async () => {
  const folder = await codexFolder();
  await folder.thread(A, { forked_from_id: B });
  await folder.thread(B, { forked_from_id: A });
  await folder.thread(C, { forked_from_id: A });
  expect([...(await kept(folder, [C])).keys()].sort()).toEqual([A, B]);
});

test("a thread whose parent is gone needs nothing that is here", async () => {
  const folder = await codexFolder();
  await folder.thread(A, { history_base: { thread_id: threadId(99) } });
  expect(await kept(folder, [A])).toEqual(new Map());
});
