/** Claude Code's clean-up, its fragments, its place, and how it resumes. */
import { homedir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import type { FileLook } from "../../src/files.js";
import type { Unit } from "../../src/source.js";
import { userLine, uuid } from "../support/transcripts.js";

const source = claudeCodeSource();
const NOW = Date.UTC(2026, 10, 29);
const DAY = 24 * 60 * 60 * 1000;

const unit = (files: Readonly<Record<string, number>>): Unit => ({
  id: "claude-code:x",
  nativeId: "x",
  project: "",
  members: Object.entries(files).map(([path, daysOld]) => ({
    name: path,
    root: "projects",
    path,
    look: { mtimeNs: `${NOW - daysOld * DAY}000000` } as FileLook,
  })),
  folders: [],
  lastModifiedMs: 0,
  needs: [],
});

describe("the clean-up of Claude Code", () => {
  test("deletes a transcript after 30 days, and a session's folder with it", () => {
    expect(source.cleanUpAt(unit({ "-p/x.jsonl": 10, "-p/x/subagents/a.jsonl": 29 }))).toBe(NOW + 20 * DAY);
  });
  test("deletes results of tools, and old subagents beside their session, by their own age", () => {
    expect(source.cleanUpAt(unit({ "-p/x.jsonl": 10, "-p/agent-a.jsonl": 28 }))).toBe(NOW + 2 * DAY);
    expect(source.cleanUpAt(unit({ "-p/x.jsonl": 10, "-p/x/tool-results/a.txt": 29 }))).toBe(NOW + DAY);
  });
});

describe("fragments", () => {
  const isFragment = (text: string): boolean => source.isFragment?.(Buffer.from(text)) ?? false;
  const first = userLine(uuid(1));
  const later = userLine(uuid(1), { parentUuid: uuid(7) });
  const mode = `{"type":"mode","mode":"default","sessionId":"${uuid(1)}"}\n`;
  const boundary = `{"type":"system","subtype":"compact_boundary","parentUuid":null,"logicalParentUuid":"${uuid(7)}","uuid":"${uuid(8)}"}\n`;

  test("what begins with an answer to something that isn't there", () => {
    expect(isFragment(later)).toBe(true);
    expect(isFragment(mode + later)).toBe(true);
    expect(isFragment(boundary + first)).toBe(true);
    expect(isFragment(`{"type":"cost-state","sessionId":"${uuid(1)}"}\n`)).toBe(true);
    expect(isFragment(`{"type":"last-prompt"}\n{"type":"tools-used"}\n{"type":"api-re`)).toBe(true);
  });

  test("also if its first line is longer than the head", () => {
    const long = userLine(uuid(1), { parentUuid: uuid(7), content: "x".repeat(1000) });
    expect(isFragment(long.slice(0, 300))).toBe(true);
    expect(isFragment(userLine(uuid(1), { content: "x".repeat(1000) }).slice(0, 300))).toBe(false);
  });

  test("not a whole session, one that a fork began, nor what shows nothing", () => {
    for (const text of [first, first + later, mode + first + later, mode, "", "\n\n", "{", "7\n", `{}\n${first}`])
      expect(isFragment(text)).toBe(false);
    expect(isFragment(`damaged\n${later}`)).toBe(false);
  });

  test("law: any bytes are answered", () => {
    fc.assert(fc.property(fc.uint8Array(), (head) => typeof source.isFragment?.(head) === "boolean"));
  });
});

describe("where Claude Code keeps its sessions", () => {
  test("in CLAUDE_CONFIG_DIR, else in ~/.claude", () => {
    expect(source.home({ CLAUDE_CONFIG_DIR: "/data/claude", HOME: "/home/me" })).toBe("/data/claude");
    expect(source.home({ CLAUDE_CONFIG_DIR: "", HOME: "/home/me" })).toBe("/home/me/.claude");
    expect(source.home({ HOME: "/home/me" })).toBe("/home/me/.claude");
    expect(source.home({})).toBe(join(homedir(), ".claude"));
    expect(source.roots).toEqual(["projects"]);
  });
});

describe("how Claude Code resumes", () => {
  test("by id, without a shell", () => {
    expect(source.resume(uuid(1))).toEqual({ command: "claude", args: ["--resume", uuid(1)] });
  });
  test.each([
    "-p",
    "--dangerously-skip-permissions",
    "",
    "x",
    `${uuid(1)}\n`,
    ` ${uuid(1)}`,
    `${uuid(1)}/agent-a`,
    "../x",
  ])("not by %j", (id) =>
    expect(() => source.resume(id)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" })),
  );
});
