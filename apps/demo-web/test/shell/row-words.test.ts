import { expect, test } from "vitest";
import { modelWords, originWords, projectName } from "../../src/client/row-words.ts";

test("a project is the last folder of its path, on any system", () => {
  const paths = ["/home/ada/importer", "/home/ada/importer/", "C:\\Users\\ada\\importer", "importer", "/", null];
  expect(paths.map((cwd) => projectName({ cwd }))).toEqual([...Array(4).fill("importer"), undefined, undefined]);
});

test("models lose their dates, and all but the first are only counted", () => {
  expect(modelWords({ models: [] })).toBeUndefined();
  expect(modelWords({ models: ["claude-opus-4-1-20250805"] })).toBe("claude-opus-4-1");
  expect(modelWords({ models: ["gpt-5.2-codex", "gpt-5.2", "gpt-5.2"] })).toBe("gpt-5.2-codex +1");
});

test("a missing fact leaves no gap", () => {
  const row = { cwd: null, kind: "codex", models: ["gpt-5.2"] } as unknown as Parameters<typeof originWords>[0];
  expect(originWords(row)).toEqual(["Codex", "gpt-5.2"]);
});
