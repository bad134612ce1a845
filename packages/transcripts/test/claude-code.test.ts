import { describe, expect, test } from "vitest";
import { entryOf } from "./support/blocks.js";

const TIME = "2026-04-30T09:29:29.057Z";
const assistant = (...content: readonly unknown[]) => ({
  type: "assistant",
  timestamp: TIME,
  cwd: "/home/dev/app",
  message: { role: "assistant", model: "claude-opus", content },
});
const result = (content: unknown, more: object = {}, line: object = {}) => ({
  type: "user",
  timestamp: TIME,
  cwd: "/home/dev/app",
  message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content, ...more }] },
  ...line,
});

describe("messages", () => {
  test("of the user", () => {
    expect(entryOf({ type: "user", timestamp: TIME, message: { role: "user", content: "Fix **it**" } })).toEqual({
      role: "user",
      label: null,
      time: Date.parse(TIME),
      model: null,
      blocks: [{ type: "text", text: "Fix **it**" }],
    });
  });

  test("of the assistant, with thinking, text and a call", () => {
    const entry = entryOf(
      assistant(
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: "I'll look." },
        { type: "tool_use", id: "t1", name: "Bash", input: { command: "npm test\nls", description: "Tests" } },
      ),
    );
    expect(entry).toMatchObject({ role: "assistant", model: "claude-opus" });
    expect(entry.blocks).toEqual([
      { type: "thinking", text: "Hm." },
      { type: "text", text: "I'll look." },
      {
        type: "call",
        id: "t1",
        name: "Bash",
        summary: "npm test ls",
        body: [{ type: "code", text: "npm test\nls", language: "bash" }],
      },
    ]);
  });

  test("reasoning that was not recorded is one quiet line", () => {
    expect(entryOf(assistant({ type: "thinking", thinking: "", signature: "x" }))).toMatchObject({
      role: "event",
      blocks: [{ type: "event", label: "Thinking" }],
    });
  });

  test("text that the program inserted is separate from the user's words", () => {
    const content = "<system-reminder>\nBe brief.\n</system-reminder>\n\nDo the thing";
    expect(entryOf({ type: "user", message: { content } }).blocks).toEqual([
      { type: "context", name: "system-reminder", text: "Be brief." },
      { type: "text", text: "Do the thing" },
    ]);
    const alone = content.replace("Do the thing", "");
    expect(entryOf({ type: "user", message: { content: alone } }).role).toBe("system");
  });

  test("a command of the user", () => {
    const content =
      "<command-name>/model</command-name>\n<command-message>model</command-message>\n<command-args>fast</command-args>";
    expect(entryOf({ type: "user", message: { content } }).blocks).toEqual([
      { type: "code", text: "/model fast", language: null },
    ]);
  });

  test("images: base64 of four formats, but no addresses to load from", () => {
    const image = (source: object) =>
      entryOf({ type: "user", message: { content: [{ type: "image", source }] } }).blocks;
    const data = "iVBORw0KGgoAAAANSUhEUgAA";
    expect(image({ type: "base64", media_type: "image/png", data })).toEqual([
      { type: "image", mediaType: "image/png", data },
    ]);
    for (const source of [
      { type: "url", url: "https://example.com/a.png" },
      { type: "base64", media_type: "image/svg+xml", data },
      { type: "base64", media_type: "text/html", data },
      { type: "base64", media_type: "image/png", data: 'x" onerror="alert(1)' },
    ]) {
      expect(image(source)).toMatchObject([{ type: "image", data: null }]);
    }
  });

  test("a subagent's", () => {
    expect(entryOf({ ...assistant({ type: "text", text: "Done." }), isSidechain: true }).label).toBe("Subagent");
  });
});

describe("calls", () => {
  const call = (name: string, input: unknown) =>
    entryOf(assistant({ type: "tool_use", id: "t", name, input })).blocks[0];

  test("an edit is a diff, its path seen from the working directory", () => {
    const input = { file_path: "/home/dev/app/src/x.ts", old_string: "a\nb\nc", new_string: "a\nB\nc" };
    expect(call("Edit", input)).toMatchObject({
      summary: "src/x.ts",
      body: [
        {
          type: "diff",
          path: "src/x.ts",
          change: "update",
          hunks: [
            {
              lines: [
                { sign: " ", text: "a" },
                { sign: "-", text: "b" },
                { sign: "+", text: "B" },
                { sign: " ", text: "c" },
              ],
            },
          ],
        },
      ],
    });
  });

  test("several edits are several diffs", () => {
    const edit = { old_string: "a", new_string: "b" };
    expect(call("MultiEdit", { file_path: "x", edits: [edit, edit, { wrong: 1 }] })).toMatchObject({
      body: [{ type: "diff" }, { type: "diff" }],
    });
  });

  test("a written file is code in its language", () => {
    expect(call("Write", { file_path: "/tmp/x.py", content: "print(1)" })).toMatchObject({
      summary: "/tmp/x.py",
      body: [{ type: "code", language: "python", text: "print(1)" }],
    });
  });

  test("a list of tasks", () => {
    const todos = [
      { content: "One", status: "completed" },
      { content: "Two", status: "in_progress" },
      { content: "Three", status: "constructor" },
    ];
    expect(call("TodoWrite", { todos })).toMatchObject({
      body: [
        {
          type: "todos",
          items: [
            { text: "One", status: "done" },
            { text: "Two", status: "active" },
            { text: "Three", status: "pending" },
          ],
        },
      ],
    });
  });

  test("of an unknown tool", () => {
    expect(call("Frobnicate", { level: 3 })).toEqual({
      type: "call",
      id: "t",
      name: "Frobnicate",
      summary: "",
      body: [{ type: "json", value: { level: 3 } }],
    });
  });
});

describe("results", () => {
  test("output of both streams", () => {
    const entry = entryOf(result("out", {}, { toolUseResult: { stdout: "out", stderr: "oops", interrupted: true } }));
    expect(entry).toMatchObject({
      role: "tool",
      blocks: [
        {
          type: "result",
          callId: "t1",
          failed: false,
          note: "interrupted",
          body: [
            { type: "output", stream: "output", text: "out" },
            { type: "output", stream: "stderr", text: "oops" },
          ],
        },
      ],
    });
  });

  test("an error, without its tags", () => {
    expect(entryOf(result("<tool_use_error>No such file</tool_use_error>", { is_error: true })).blocks).toMatchObject([
      { failed: true, body: [{ type: "output", stream: "error", text: "No such file" }] },
    ]);
  });

  test("a patch", () => {
    const hunk = { oldStart: 3, oldLines: 1, newStart: 3, newLines: 2, lines: [" a", "-b", "+c", "+d"] };
    const kept = { filePath: "/home/dev/app/x.go", structuredPatch: [hunk] };
    expect(entryOf(result("updated", {}, { toolUseResult: kept })).blocks).toMatchObject([
      { note: "+2 −1", body: [{ type: "diff", path: "x.go", hunks: [{ newStart: 3, lines: [{}, {}, {}, {}] }] }] },
    ]);
  });

  test("a file that was read, with its language and without line numbers", () => {
    const kept = { type: "text", file: { filePath: "/a/b.rs", content: "fn main() {}", startLine: 1 } };
    expect(entryOf(result("     1→fn main() {}", {}, { toolUseResult: kept })).blocks).toMatchObject([
      { body: [{ type: "code", language: "rust", text: "fn main() {}" }] },
    ]);
  });

  test("colour codes of a terminal are taken out", () => {
    const kept = { stdout: "\u001b[1mbold\u001b[0m \u001b[38;5;204mpink\u001b[39m", stderr: "" };
    expect(entryOf(result("", {}, { toolUseResult: kept })).blocks).toMatchObject([{ body: [{ text: "bold pink" }] }]);
  });
});

test.each([
  [{ type: "summary", summary: "All done" }, "Summary", "All done"],
  [{ type: "file-history-snapshot", snapshot: { trackedFileBackups: { a: 1 } } }, "File history", "1 tracked file"],
  [{ type: "system", subtype: "turn_duration", durationMs: 1234 }, "Turn took", "1.2 s"],
  [
    { type: "system", subtype: "compact_boundary", compactMetadata: { preTokens: 5 } },
    "Conversation compacted",
    "was 5 tokens",
  ],
  [{ type: "attachment", attachment: { type: "hook_success", hookName: "Stop" } }, "Hook success", "Stop"],
  [{ type: "queue-operation", operation: "enqueue" }, "Queue operation", "enqueue"],
  [{ type: "brand-new-record", sessionId: "s" }, "Brand new record", ""],
])("%j is one quiet line", (record, label, detail) => {
  expect(entryOf(record)).toMatchObject({ role: "event", blocks: [{ type: "event", label, detail, tone: "quiet" }] });
});

test("an error of the API is marked", () => {
  const record = { type: "system", subtype: "api_error", error: { formatted: "529 overloaded" } };
  expect(entryOf(record).blocks).toEqual([
    { type: "event", label: "API error", detail: "529 overloaded", tone: "warning" },
  ]);
});
