/** A restore writes to no place that its agent has no session in, whatever a note says. */
import { expect, test } from "vitest";
import { claudeCodeSource, codexSource, folderSource } from "../src/index.js";

const UUID = "1a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f";

test.each([
  [claudeCodeSource(), "projects", `-home-me/${UUID}.jsonl`, true],
  [claudeCodeSource(), "projects", "-home-me/agent-1.jsonl", true],
  [claudeCodeSource(), "projects", `-home-me/${UUID}/tool-results/x.txt`, true],
  [claudeCodeSource(), "projects", "-home-me/memory/notes.md", false],
  [claudeCodeSource(), "projects", "-home-me/CLAUDE.md", false],
  [claudeCodeSource(), "projects", `${UUID}.jsonl`, false],
  [codexSource, "sessions", `2026/10/01/rollout-2026-10-01T10-00-00-${UUID}.jsonl`, true],
  [codexSource, "sessions", "2026/10/01/run.sh", false],
  [codexSource, "sessions", `2026/10/01/rollout-2026-10-01T10-00-00-${UUID}.jsonl.zst`, false],
  [folderSource, "", "a/b.JSONL", true],
  [folderSource, "", "autostart/x.desktop", false],
] as const)("%#: %o in %j: %j", (source, root, path, owns) => {
  expect(source.owns?.(root, path)).toBe(owns);
});
