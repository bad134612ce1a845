/** Two imports at the same time of different files with the same session id. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createArchiver, memoryPorts } from "@session-archiver/core";
import { expect, test } from "vitest";
import type { CommandContext } from "../src/command.js";
import { importFile } from "../src/import/import-file.js";
import { type KnownSessions, knownSessions } from "../src/import/known-sessions.js";
import { newFolder } from "./support/cli.js";
import { claudeLines } from "./support/imports.js";
import { writeFiles } from "./support/sessions.js";

test("neither replaces the other, although each found the id free", async () => {
  const folder = await newFolder();
  const texts = { "a/s.jsonl": claudeLines("s1", 3, "one"), "b/s.jsonl": claudeLines("s1", 3, "two") };
  await writeFiles(folder, texts);
  const archiver = createArchiver(memoryPorts());
  const context = { archiver, signal: new AbortController().signal } as CommandContext;
  const fileOf = async (path: string) => {
    const location = join(folder, path);
    const file = { pathId: "s", name: "s", form: "plain", path, location, archiveOf: undefined, parts: [] } as const;
    return { ...file, size: (await stat(location)).size, changedMs: 0 };
  };
  const importing = async (path: string, sessions: KnownSessions) =>
    importFile({ context, sessions, onProgress() {}, onUnreadable() {} }, await fileOf(path));

  // The second import looks twice while there is none: for a session with this id, and for one to import into.
  const real = knownSessions(context, 1);
  let looks = 0;
  const late: KnownSessions = {
    ...real,
    async get(id) {
      const known = await real.get(id);
      if (id === "claude-code:s1" && ++looks === 2) await importing("a/s.jsonl", knownSessions(context, 1));
      return known;
    },
  };
  expect(await importing("b/s.jsonl", late)).toMatchObject({ outcome: "created", id: "claude-code:s1/s" });
  expect(await archiver.read("claude-code:s1").text()).toBe(texts["a/s.jsonl"]);
  expect(await archiver.read("claude-code:s1/s").text()).toBe(texts["b/s.jsonl"]);
  expect((await archiver.info("claude-code:s1")).versions).toEqual([]);
});
