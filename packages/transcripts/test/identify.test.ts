import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import { identify } from "../src/identify.js";
import { RECORDS } from "./support/records.js";
import { SESSIONS } from "./support/sessions.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(SESSIONS)("$kind", ({ lines, ...expected }) => {
  const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;

  test("is found with all facts in its lines", () => {
    expect(identify(utf8(text))).toEqual(expected);
    expect(identify(text.split("\n"))).toEqual(expected);
  });

  test("is never taken for another agent's, from any part of its lines", () => {
    for (let from = 0; from < lines.length; from++) {
      const { kind } = identify(lines.slice(from).map((line) => JSON.stringify(line)));
      expect([expected.kind, "other"], JSON.stringify(lines[from])).toContain(kind);
    }
  });

  test("from its first bytes has the same result or none", () => {
    const bytes = utf8(text);
    for (let end = 0; end < bytes.length; end += 7) {
      const { kind, id, cwd } = identify(bytes.subarray(0, end));
      expect([expected.kind, "other"], `${end} bytes`).toContain(kind);
      expect([expected.id, undefined], `${end} bytes`).toContain(id);
      expect([expected.cwd, undefined], `${end} bytes`).toContain(cwd);
    }
  });

  test("also after a byte order mark, zero bytes or half a record", () => {
    for (const before of ["\uFEFF", "\0\0\0\0", `${JSON.stringify(lines[0]).slice(0, 30)}`]) {
      const { kind, id } = identify(utf8(before + text));
      expect({ kind, id }).toEqual({ kind: expected.kind, id: expected.id });
    }
  });
});

test("lines of an unknown agent have no agent", () => {
  const others = [
    { role: "user", content: "x" },
    { type: "message", session_id: "s", role: "user", text: "x" },
    { type: "session_start", id: "d", title: "T", cwd: "/w" },
    {
      type: "message",
      id: "m",
      parentId: "d",
      timestamp: "2026-01-01T00:00:00Z",
      message: { role: "user", content: "x" },
    },
    { type: "user", content: [{ type: "text", text: "x" }], prompt_index: 0 },
    { type: "note", sessionId: "s", text: "x" },
    { type: "log", data: { a: 1 }, id: "i" },
    { timestamp: 1, message: "x" },
  ];
  for (const line of others) expect(identify([JSON.stringify(line)]).kind, JSON.stringify(line)).toBe("other");
  for (const text of ["", "\n", "no JSON", "[1]", "null", "{"]) expect(identify(utf8(text)).kind).toBe("other");
});

test("a document over several lines is one record", () => {
  const document = {
    sessionId: "g",
    projectHash: "h",
    startTime: "2026-01-01T00:00:00Z",
    messages: [{ id: "m", type: "user", content: "Hello" }],
  };
  expect(identify(utf8(JSON.stringify(document, null, 2)))).toMatchObject({
    id: "gemini:g",
    title: "Hello",
    messages: { user: 1 },
  });
});

test("a subagent's file is not its session", () => {
  const line = {
    type: "user",
    isSidechain: true,
    agentId: "a1",
    sessionId: "s",
    uuid: "u",
    message: { role: "user", content: "x" },
  };
  expect(identify([JSON.stringify(line)])).toMatchObject({
    id: "claude-code:s/agent-a1",
    parent: "claude-code:s",
    isSubagent: true,
  });
  expect(identify([JSON.stringify({ ...line, isSidechain: false })]).isSubagent).toBeUndefined();
});

test.each<[string, object, string | undefined, true | undefined]>([
  ["a thread of its own", { source: "cli" }, undefined, undefined],
  ["a fork", { source: "cli", forked_from_id: "a" }, "codex:a", undefined],
  ["a review", { source: { subagent: "review" }, parent_thread_id: "a" }, "codex:a", true],
  ["a subagent", { thread_source: "subagent", parent_thread_id: "a", forked_from_id: "b" }, "codex:a", true],
])("a Codex thread is %s", (_, payload, parent, isSubagent) => {
  const line = { timestamp: "2026-01-01T00:00:00Z", type: "session_meta", payload: { id: "x", ...payload } };
  const found = identify([JSON.stringify(line)]);
  expect(found.parent).toBe(parent);
  expect(found.isSubagent).toBe(isSubagent);
});

test("a copied parent's header behind a fork's own doesn't count", () => {
  const meta = (id: string) =>
    JSON.stringify({ timestamp: "2026-01-01T00:00:00Z", type: "session_meta", payload: { id } });
  expect(identify([meta("fork"), meta("parent")]).id).toBe("codex:fork");
});

test("each sample line is recognised as its agent's", () => {
  for (const { kind, make, name } of RECORDS) expect(identify([make("x")]).kind, name).toBe(kind);
});

describe.skipIf(!hasCorpus)(hasCorpus ? "the corpus" : NO_CORPUS, () => {
  const expectedOf = (path: string): string => {
    if (path.startsWith("claude-code/") || path.includes("/claude-code")) return "claude-code";
    if (/(^|\/)codex/.test(path)) return "codex";
    const name = /\/(copilot|cursor|gemini|kimi|qwen|openclaw)[^/]*$/i.exec(path)?.[1]?.toLowerCase();
    // OpenClaw writes with pi's code.
    return name === "openclaw" ? "pi" : (name ?? "other");
  };

  test("every file is recognised as its agent's", async () => {
    const wrong: string[] = [];
    for (const path of await corpusFiles()) {
      const bytes = await readFile(join(CORPUS, path));
      if (bytes.length < 2) continue;
      const { kind } = identify(bytes);
      if (kind !== expectedOf(path)) wrong.push(`${path}: ${kind}`);
    }
    expect(wrong).toEqual([]);
  });
});
