import { rm } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createCodexSource } from "../../src/codex/source.js";
import { linuxSystem } from "../../src/codex/system.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Arranged, Files } from "../../src/index.js";
import { type CodexFolder, codexFolder, headLine, threadId } from "../support/rollouts.js";

const [A, B] = [threadId(1), threadId(2)];
const NAME = `rollout-2026-11-01T10-00-00-${A}.jsonl`;
const PATH = `2026/11/01/${NAME}`;
const MTIME = 1_700_000_000_123;

const arrange = ({ place }: CodexFolder, paths = [`sessions/${PATH}`], files = nodeFiles()): Promise<Arranged> => {
  const restored = paths.map((path) => {
    const [root = "", ...rest] = path.split("/");
    return { root, path: rest.join("/"), mtimeMs: MTIME };
  });
  return place.source.arrange(place, files, A, restored, Date.now());
};

const CONFLICT = expect.objectContaining({ code: "CONFLICT", id: `codex:${A}` });

test("a thread goes back with the times that it had", async () => {
  const folder = await codexFolder();
  await folder.thread(B);
  expect(await arrange(folder)).toEqual({ mtimesMs: [MTIME], warnings: [] });
});

test("what lies at the place itself is for others to judge", async () => {
  const folder = await codexFolder();
  await folder.thread(A);
  expect((await arrange(folder)).mtimesMs).toEqual([MTIME]);
});

test("a thread that Codex had archived needs to be unarchived before it is resumed", async () => {
  const { warnings } = await arrange(await codexFolder(), [`archived_sessions/${NAME}`]);
  expect(warnings).toEqual([`Codex has it in its own archive: codex unarchive ${A} before it is resumed`]);
});

describe("a second file is a conflict", () => {
  const cases: readonly (readonly [string, string, string | Uint8Array])[] = [
    ["of this name in another day's folder", `sessions/2026/11/02/${NAME}`, headLine(B)],
    ["of this name in Codex's own archive", `archived_sessions/${NAME}`, headLine(B)],
    ["of this name, compressed", `sessions/${PATH}.zst`, zstdCompressSync(headLine(A))],
    ["of this name, compressed, elsewhere", `archived_sessions/${NAME}.zst`, "damaged"],
    ["of this thread by another name", "sessions/2026/11/01/rollout-other.jsonl", headLine(A)],
    ["of this thread by another name, compressed", "sessions/rollout-other.jsonl.zst", zstdCompressSync(headLine(A))],
  ];
  test.each(cases)("%s", async (_what, path, content) => {
    const folder = await codexFolder();
    await folder.thread(B);
    await folder.write(path, content);
    await expect(arrange(folder)).rejects.toEqual(CONFLICT);
    await expect(arrange(folder)).rejects.toThrow(path);
  });
});

test("nothing is in the way of nothing, and what a revert began goes back beside the thread's beginning", async () => {
  const folder = await codexFolder();
  await folder.thread(A);
  expect(await arrange(folder, [])).toEqual({ mtimesMs: [], warnings: [] });
  const reverted = `sessions/2026/11/02/rollout-2026-11-02T10-00-00-${A}_${threadId(101)}.jsonl`;
  expect((await arrange(folder, [reverted])).mtimesMs).toEqual([MTIME]);
  await folder.write(reverted.replace("/02/", "/03/"), headLine(A));
  await expect(arrange(folder, [reverted])).rejects.toEqual(CONFLICT);
});

test("what a revert began is part of the thread, and no second one", async () => {
  const folder = await codexFolder();
  await folder.thread(A, { history_base: { thread_id: A } }, threadId(101));
  expect((await arrange(folder)).mtimesMs).toEqual([MTIME]);
});

test("restoring many reads each first line once, until the file changes", async () => {
  const folder = await codexFolder(createCodexSource(linuxSystem()));
  const path = await folder.thread(B);
  const opened: string[] = [];
  const files: Files = {
    ...nodeFiles(),
    open(path) {
      opened.push(path);
      return nodeFiles().open(path);
    },
  };
  await arrange(folder, undefined, files);
  await arrange(folder, undefined, files);
  expect(opened).toEqual([join(folder.home, path)]);
  await rm(join(folder.home, path));
  await folder.write(path, headLine(A));
  await expect(arrange(folder, undefined, files)).rejects.toEqual(CONFLICT);
  expect(opened).toHaveLength(2);
});
