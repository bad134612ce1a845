/** Node.js before 22.15 has no zstd: what compressed threads need can't be seen. */
import { zstdCompressSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { codexFolder, headLine, membersOf, scanned, threadId } from "../support/rollouts.js";

vi.mock("node:zlib", async (original) => ({
  ...(await original<typeof import("node:zlib")>()),
  createZstdDecompress: undefined,
}));

const [A, B] = [threadId(1), threadId(2)];

test("compressed threads are found by their names, and while there are any, every other thread stays", async () => {
  const folder = await codexFolder();
  await folder.thread(A);
  const before = await scanned(folder);
  expect(before.units.get(A)?.stays).toBeUndefined();

  const path = `sessions/rollout-2026-11-01T10-00-00-${B}.jsonl.zst`;
  await folder.write(path, zstdCompressSync(headLine(B, { forked_from_id: A })));
  const { units } = await scanned(folder);
  expect([...membersOf(units.get(B)).values()]).toEqual([path]);
  expect(units.get(B)?.stays).toBe("compressed by Codex already");
  expect(units.get(A)?.stays).toMatch(/^Node.js 22.15 or later is needed/);
});
