import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { codexSource } from "../../src/codex/source.js";
import { codexFolder, scanned, threadId } from "../support/rollouts.js";

test("the home is CODEX_HOME, or .codex below the user's", () => {
  expect(codexSource.home({ CODEX_HOME: "/data/codex", HOME: "/home/me" })).toBe("/data/codex");
  expect(codexSource.home({ CODEX_HOME: "codex" })).toBe(resolve("codex"));
  expect(codexSource.home({ CODEX_HOME: "", HOME: "/home/me" })).toBe("/home/me/.codex");
  expect(codexSource.home({ HOME: "" })).toBeUndefined();
  expect(codexSource.home({})).toBe(join(homedir(), ".codex"));
  expect(codexSource.roots).toEqual(["sessions", "archived_sessions"]);
});

test("a thread is resumed by its id", () => {
  expect(codexSource.resume(threadId(1))).toEqual({ command: "codex", args: ["resume", threadId(1)] });
});

const REFUSED = [
  "",
  "-h",
  "--last",
  "abc-123",
  `${threadId(1)}\n`,
  ` ${threadId(1)}`,
  threadId(1).toUpperCase(),
  "../x",
  "a;b",
];
test.each(REFUSED)("%j is no id to resume", (id) => {
  expect(() => codexSource.resume(id)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test("Codex deletes nothing by itself", async () => {
  const folder = await codexFolder();
  await folder.thread(threadId(1));
  for (const unit of (await scanned(folder)).units.values()) expect(codexSource.cleanUpAt(unit)).toBeUndefined();
});

test("its writers keep a file open, so that none goes on at a place from which the file was taken", () => {
  expect(codexSource.isFragment).toBeUndefined();
});
