import { describe, expect, test } from "vitest";
import { entryOf as entryOfKind } from "./support/blocks.js";

const TIME = "2026-04-30T15:07:18.494Z";
const entryOf = (record: unknown) => entryOfKind(record, "codex");
const item = (payload: object) => ({ timestamp: TIME, type: "response_item", payload });
const record = (type: string, payload: object) => ({ timestamp: TIME, type, payload });

describe("messages", () => {
  test("of user and assistant", () => {
    expect(
      entryOf(item({ type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] })),
    ).toMatchObject({
      role: "user",
      time: Date.parse(TIME),
      blocks: [{ type: "text", text: "Hi" }],
    });
    const answer = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Ho" }] };
    expect(entryOf(item(answer)).role).toBe("assistant");
    // The oldest sessions have no envelope.
    expect(entryOf(answer)).toMatchObject({ role: "assistant", blocks: [{ type: "text", text: "Ho" }] });
  });

  test("that only the program inserted", () => {
    const text = "<environment_context>\n  <cwd>/x</cwd>\n</environment_context>";
    expect(entryOf(item({ type: "message", role: "user", content: [{ type: "input_text", text }] }))).toMatchObject({
      role: "system",
      blocks: [{ type: "context", name: "environment_context", text: "<cwd>/x</cwd>" }],
    });
  });

  test("a block whose text mentions its own tags is one block", () => {
    const text =
      "<collaboration_mode>Only `<collaboration_mode>...</collaboration_mode>` changes it.</collaboration_mode>";
    const { blocks } = entryOf(item({ type: "message", role: "developer", content: [{ type: "input_text", text }] }));
    expect(blocks).toMatchObject([
      { type: "context", text: "Only `<collaboration_mode>...</collaboration_mode>` changes it." },
    ]);
  });

  test("reasoning, recorded or not", () => {
    const summary = [{ type: "summary_text", text: "**Plan**" }];
    expect(entryOf(item({ type: "reasoning", summary })).blocks).toEqual([{ type: "thinking", text: "**Plan**" }]);
    expect(entryOf(item({ type: "reasoning", summary: [], encrypted_content: "x" })).role).toBe("event");
  });

  test("an image as a data URL", () => {
    const image = (image_url: string) =>
      entryOf(item({ type: "message", role: "user", content: [{ type: "input_image", image_url }] })).blocks;
    expect(image("data:image/png;base64,iVBORw0KGgo=")).toEqual([
      { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" },
    ]);
    expect(image("https://example.com/x.png")).toEqual([{ type: "image", mediaType: null, data: null }]);
    expect(image("data:text/html;base64,iVBORw0KGgo=")).toEqual([{ type: "image", mediaType: null, data: null }]);
  });
});

describe("tools", () => {
  test("a command in its two forms", () => {
    const call = (name: string, input: object) =>
      entryOf(item({ type: "function_call", name, call_id: "c", arguments: JSON.stringify(input) })).blocks;
    const expected = {
      type: "call",
      id: "c",
      summary: "ls -la",
      body: [{ type: "code", text: "ls -la", language: "bash" }],
    };
    expect(call("exec_command", { cmd: "ls -la" })).toMatchObject([{ ...expected, name: "exec_command" }]);
    expect(call("shell", { command: ["bash", "-lc", "ls -la"] })).toMatchObject([{ ...expected, name: "shell" }]);
  });

  test("a patch, from its own tool and from the shell", () => {
    const patch = "*** Begin Patch\n*** Update File: a.ts\n@@\n-x\n+y\n*** Add File: b.ts\n+z\n*** End Patch";
    const diffs = [
      {
        type: "diff",
        path: "a.ts",
        change: "update",
        hunks: [
          {
            lines: [
              { sign: "-", text: "x" },
              { sign: "+", text: "y" },
            ],
          },
        ],
      },
      { type: "diff", path: "b.ts", change: "add", hunks: [{ lines: [{ sign: "+", text: "z" }] }] },
    ];
    const own = { type: "custom_tool_call", name: "apply_patch", call_id: "c", input: patch };
    expect(entryOf(item(own)).blocks).toMatchObject([{ type: "call", summary: "a.ts, b.ts", body: diffs }]);
    const shell = {
      type: "function_call",
      name: "shell",
      call_id: "c",
      arguments: JSON.stringify({ command: ["apply_patch", patch] }),
    };
    expect(entryOf(item(shell)).blocks).toMatchObject([{ type: "call", body: diffs }]);
  });

  test("a plan", () => {
    const call = { name: "update_plan", call_id: "c", arguments: '{"plan":[{"step":"One","status":"in_progress"}]}' };
    expect(entryOf(item({ type: "function_call", ...call })).blocks).toMatchObject([
      { body: [{ type: "todos", items: [{ text: "One", status: "active" }] }] },
    ]);
  });

  test.each([
    [
      "Chunk ID: 13d8dc\nWall time: 0.0 seconds\nProcess exited with code 0\nOriginal token count: 5\nOutput:\nall\nwell",
      false,
      "",
      "all\nwell",
    ],
    ["Wall time: 0.1 seconds\nProcess exited with code 2\nOutput:\nno", true, "exit code 2", "no"],
    ["Exit code: 1\nWall time: 0 seconds\nOutput:\nno", true, "exit code 1", "no"],
    ['{"output":"no","metadata":{"exit_code":3}}', true, "exit code 3", "no"],
    ['{"output":"fine","metadata":{"exit_code":0}}', false, "", "fine"],
    ["just text", false, "", "just text"],
  ])("the output %j", (output, failed, note, text) => {
    expect(entryOf(item({ type: "function_call_output", call_id: "c", output }))).toMatchObject({
      role: "tool",
      blocks: [{ type: "result", callId: "c", failed, note, body: [{ type: "output", text }] }],
    });
  });
});

test.each([
  ["event_msg", { type: "token_count", info: { total_token_usage: { total_tokens: 12 } } }, "Token count", "12 tokens"],
  ["event_msg", { type: "token_count", info: null }, "Token count", ""],
  ["event_msg", { type: "agent_message", message: "Done" }, "Message sent", "Done"],
  [
    "event_msg",
    { type: "exec_command_end", command: ["zsh", "-lc", "ls"], exit_code: 1 },
    "Command ended",
    "exit code 1 · ls",
  ],
  ["event_msg", { type: "brand_new" }, "Brand new", ""],
  ["turn_context", { model: "gpt", effort: "high", cwd: "/x" }, "Turn context", "gpt · high · /x"],
  ["session_meta", { cwd: "/x", cli_version: "1.2" }, "Session", "/x · 1.2"],
  ["compacted", { message: "", replacement_history: [{}, {}] }, "Conversation compacted", "2 kept messages"],
])("%s %j is one quiet line", (type, payload, label, detail) => {
  expect(entryOf(record(type, payload))).toMatchObject({ role: "event", blocks: [{ type: "event", label, detail }] });
});
