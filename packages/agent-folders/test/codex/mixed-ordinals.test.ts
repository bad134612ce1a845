import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasMixedOrdinals } from "../../src/codex/mixed-ordinals.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { Files } from "../../src/index.js";
import { message, mixedRollout } from "../support/mixed.js";
import { codexFolder, headLine, threadId } from "../support/rollouts.js";

const A = threadId(1);
const head = headLine(A, {}, 0);
const big = "x".repeat(300_000);

const isMixed = async (content: string | Uint8Array, files = nodeFiles()): Promise<boolean> => {
  const folder = await codexFolder();
  return hasMixedOrdinals(files, await folder.write("sessions/rollout-a.jsonl", content));
};

describe("a thread that newer releases refuse", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["the last records have no ordinal", mixedRollout(A)],
    ["the last one is long", head + message("new", 1) + message(big)],
    ["a torn line comes last", `${mixedRollout(A)}{"timestamp":"2026-11-01T10:00:00.000Z","ordinal":6,"ty`],
    ["blank lines come last", `${mixedRollout(A)}\n\n`],
    ["its last line has no line end", mixedRollout(A).trimEnd()],
    ["there is but one more record", head + message("old")],
    ["an ordinal is named in a message only", head + message('{"ordinal":7}')],
  ];
  test.each(cases)("%s", async (_what, content) => expect(await isMixed(content)).toBe(true));
});

describe("a thread that newer releases resume", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["all records have one", head + message("a", 1) + message(big, 2)],
    ["none has one", headLine(A) + message("a") + message("b")],
    ["the last one has one", head + message("old") + message("new", 2)],
    ["a torn line lacks it", `${head}${message("a", 1)}{"timestamp":"2026-11-01T10:00:00.000Z","type":"x`],
    ["there is one record", head],
    ["there is none", "\n"],
    ["it is no rollout", "hello\nyou\n"],
  ];
  test.each(cases)("%s", async (_what, content) => expect(await isMixed(content)).toBe(false));
});

test("there is no file: nothing is mixed", async () => {
  const folder = await codexFolder();
  expect(await hasMixedOrdinals(nodeFiles(), join(folder.home, "sessions/none.jsonl"))).toBe(false);
});

test("of a sound file both ends are read, and no more", async () => {
  let bytes = 0;
  const files: Files = {
    ...nodeFiles(),
    async open(path) {
      const file = await nodeFiles().open(path);
      return (
        file && {
          ...file,
          async *read(range) {
            for await (const chunk of file.read(range)) {
              bytes += chunk.length;
              yield chunk;
            }
          },
        }
      );
    },
  };
  const lines = Array.from({ length: 100 }, (_, n) => message(big, n + 1));
  expect(await isMixed(head + lines.join("") + message("end", 101), files)).toBe(false);
  expect(bytes).toBeLessThan(1_000_000);
});

test("a line longer than any of Codex's is an error that says so", async () => {
  const folder = await codexFolder();
  const path = await folder.write("sessions/rollout-a.jsonl", head + "x".repeat(65 * 1024 * 1024));
  await expect(hasMixedOrdinals(nodeFiles(), path)).rejects.toEqual(expect.objectContaining({ code: "CORRUPT" }));
});
