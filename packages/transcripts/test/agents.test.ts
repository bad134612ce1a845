/** The entries of each agent's lines. Claude Code and Codex have their own test files. */
import { describe, expect, test } from "vitest";
import type { Block } from "../src/entry.js";
import type { AgentId } from "../src/kind.js";
import { parseLine } from "../src/lines/parse-line.js";
import { wordsOf } from "./support/blocks.js";

type Said = readonly [role: string, ...blocks: readonly string[]];

const brief = (block: Block): string => {
  if (block.type === "call") return `call ${block.name} ${block.summary}`;
  if (block.type === "result") return `${block.failed ? "failed" : "result"} ${block.callId} ${wordsOf(block)}`;
  if (block.type === "event") return `${block.label}|${block.detail}`;
  return `${block.type} ${wordsOf(block)}`;
};

const said = (line: object, kind: AgentId): readonly Said[] =>
  parseLine(JSON.stringify(line), kind).entries.map(({ role, blocks }) => [role, ...blocks.map(brief)]);

describe("gemini", () => {
  const call = {
    id: "c",
    name: "shell",
    args: { command: "ls" },
    status: "error",
    result: [{ functionResponse: { id: "c", response: { output: "no" } } }],
  };
  test.each<[object, readonly Said[]]>([
    [
      { sessionId: "g", projectHash: "h", startTime: "2026-01-01T00:00:00Z", kind: "main" },
      [["event", "Session|main"]],
    ],
    [
      { id: "m", type: "gemini", content: "Yes.", thoughts: [{ subject: "S", description: "Hm." }] },
      [["assistant", "thinking Hm.", "text Yes."]],
    ],
    [{ id: "m", type: "gemini", content: "", toolCalls: [call] }, [["assistant", "call shell ls", "failed c no"]]],
    [{ id: "m", timestamp: "2026-01-01T00:00:00Z", type: "error", content: "Quota" }, [["event", "Error|Quota"]]],
    [
      {
        $set: {
          messages: [
            { id: "m", type: "user", content: "Hi" },
            { id: "n", type: "gemini", content: "Ho" },
          ],
        },
      },
      [
        ["event", "Messages replaced|2 messages"],
        ["user", "text Hi"],
        ["assistant", "text Ho"],
      ],
    ],
    [{ $rewindTo: "m" }, [["event", "Rewound|to message m"]]],
  ])("%j", (line, expected) => expect(said(line, "gemini")).toEqual(expected));
});

describe("qwen", () => {
  const qwen = (more: object): object => ({
    uuid: "u",
    parentUuid: null,
    sessionId: "s",
    timestamp: "2026-01-01T00:00:00Z",
    ...more,
  });
  const parts = (role: string, ...list: readonly object[]): object => ({ message: { role, parts: list } });
  test.each<[object, Said]>([
    [qwen({ type: "user", ...parts("user", { text: "Hi" }) }), ["user", "text Hi"]],
    [
      qwen({
        type: "assistant",
        ...parts(
          "model",
          { text: "Hm.", thought: true },
          { text: "Ho" },
          { functionCall: { id: "c", name: "edit", args: { path: "a.ts" } } },
        ),
      }),
      ["assistant", "thinking Hm.", "text Ho", "call edit a.ts"],
    ],
    [
      qwen({
        type: "tool_result",
        ...parts("user", { functionResponse: { id: "c", name: "edit", response: { output: "ok" } } }),
      }),
      ["tool", "result c ok"],
    ],
    [
      qwen({
        type: "tool_result",
        ...parts("user", { functionResponse: { id: "c", name: "edit", response: { error: "no" } } }),
      }),
      ["tool", "failed c no"],
    ],
    [
      qwen({ type: "system", subtype: "slash_command", systemPayload: { rawCommand: "/about" } }),
      ["event", "Slash command|/about"],
    ],
    [qwen({ type: "user", subtype: "notification", ...parts("user", { text: "Ended" }) }), ["system", "text Ended"]],
  ])("%j, also in a file of Claude Code's", (line, expected) => {
    expect(said(line, "qwen")).toEqual([expected]);
    expect(said(line, "claude-code")).toEqual([expected]);
  });
});

describe("copilot", () => {
  const copilot = (type: string, data: object): object => ({
    type,
    data,
    id: "e",
    timestamp: "2026-01-01T00:00:00Z",
    parentId: null,
  });
  test.each<[object, Said]>([
    [copilot("session.start", { sessionId: "s", context: { cwd: "/w" } }), ["event", "Session start|/w"]],
    [copilot("user.message", { content: "Hi" }), ["user", "text Hi"]],
    [
      copilot("assistant.message", {
        content: "Ho",
        reasoningText: "Hm.",
        toolRequests: [{ toolCallId: "c", name: "bash", arguments: '{"command":"ls"}' }],
      }),
      ["assistant", "thinking Hm.", "text Ho", "call bash ls"],
    ],
    [
      copilot("tool.execution_complete", { toolCallId: "c", success: true, result: { content: "a" } }),
      ["tool", "result c a"],
    ],
    [
      copilot("tool.execution_complete", { toolCallId: "c", success: false, error: { message: "no" } }),
      ["tool", "failed c no"],
    ],
    [copilot("session.model_change", { newModel: "gpt" }), ["event", "Session model change|gpt"]],
  ])("%j", (line, expected) => expect(said(line, "copilot")).toEqual([expected]));
});

describe("pi", () => {
  const pi = (message: object): object => ({
    type: "message",
    id: "a",
    parentId: null,
    timestamp: "2026-01-01T00:00:00Z",
    message,
  });
  test.each<[object, Said]>([
    [{ type: "session", version: 3, id: "s", timestamp: "2026-01-01T00:00:00Z", cwd: "/w" }, ["event", "Session|/w"]],
    [pi({ role: "user", content: "Hi", timestamp: 1 }), ["user", "text Hi"]],
    [
      pi({
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm." },
          { type: "toolCall", id: "c", name: "bash", arguments: { command: "ls" } },
        ],
      }),
      ["assistant", "thinking Hm.", "call bash ls"],
    ],
    [
      pi({
        role: "toolResult",
        toolCallId: "c",
        toolName: "bash",
        content: [{ type: "text", text: "no" }],
        isError: true,
      }),
      ["tool", "failed c no"],
    ],
    [pi({ role: "bashExecution", command: "ls", output: "a", exitCode: 2 }), ["user", "call bash ls", "failed null a"]],
    [
      { type: "compaction", id: "a", parentId: "b", timestamp: "2026-01-01T00:00:00Z", summary: "So far" },
      ["system", "text So far"],
    ],
  ])("%j", (line, expected) => expect(said(line, "pi")).toEqual([expected]));

  test("images", () => {
    const data = "iVBORw0KGgoAAAANSUhEUgAA";
    const { entries } = parseLine(
      JSON.stringify(pi({ role: "user", content: [{ type: "image", data, mimeType: "image/png" }] })),
      "pi",
    );
    expect(entries[0]?.blocks).toEqual([{ type: "image", mediaType: "image/png", data }]);
  });
});

describe("opencode", () => {
  const opencode = (type: string, more: object): object => ({
    type,
    timestamp: 1_788_257_001_000,
    sessionID: "s",
    ...more,
  });
  const tool = (state: object): object => ({
    part: { type: "tool", tool: "bash", callID: "c", state: { input: { command: "ls" }, ...state } },
  });
  test.each<[object, Said]>([
    [opencode("text", { part: { type: "text", text: "Ho" } }), ["assistant", "text Ho"]],
    [opencode("reasoning", { part: { type: "reasoning", text: "Hm." } }), ["assistant", "thinking Hm."]],
    [opencode("tool_use", tool({ status: "completed", output: "a" })), ["assistant", "call bash ls", "result c a"]],
    [opencode("tool_use", tool({ status: "error", error: "no" })), ["assistant", "call bash ls", "failed c no"]],
    [
      opencode("step_finish", { part: { type: "step-finish", tokens: { output: 7 } } }),
      ["event", "Step finish|7 tokens"],
    ],
    [opencode("error", { error: { name: "E", data: { message: "Quota" } } }), ["event", "Error|Quota"]],
  ])("%j", (line, expected) => expect(said(line, "opencode")).toEqual([expected]));
});

describe("kimi", () => {
  const loop = (event: object): object => ({ type: "context.append_loop_event", event, time: 1_788_257_001_000 });
  const wire = (type: string, payload: object): object => ({ timestamp: 1_788_257_001.5, message: { type, payload } });
  test.each<[object, Said]>([
    [
      { type: "turn.prompt", input: [{ type: "text", text: "Hi" }], origin: { kind: "user" }, time: 1 },
      ["user", "text Hi"],
    ],
    [
      { type: "turn.prompt", input: [{ type: "text", text: "Go" }], origin: { kind: "system_trigger" }, time: 1 },
      ["system", "text Go"],
    ],
    [loop({ type: "content.part", part: { type: "think", think: "Hm." } }), ["assistant", "thinking Hm."]],
    [loop({ type: "content.part", part: { type: "text", text: "Ho" } }), ["assistant", "text Ho"]],
    [
      loop({ type: "tool.call", toolCallId: "c", name: "Bash", args: { command: "ls" } }),
      ["assistant", "call Bash ls"],
    ],
    [loop({ type: "tool.result", toolCallId: "c", result: { output: "a" } }), ["tool", "result c a"]],
    [wire("TurnBegin", { user_input: [{ type: "text", text: "Hi" }] }), ["user", "text Hi"]],
    [wire("ContentPart", { type: "think", think: "Hm." }), ["assistant", "thinking Hm."]],
    [
      wire("ToolCall", { type: "function", id: "c", function: { name: "Bash", arguments: '{"command":"ls"}' } }),
      ["assistant", "call Bash ls"],
    ],
    [
      wire("ToolResult", { tool_call_id: "c", return_value: { is_error: true, output: "no" } }),
      ["tool", "failed c no"],
    ],
    [wire("StepBegin", { n: 1 }), ["event", "Step begin|"]],
  ])("%j", (line, expected) => expect(said(line, "kimi")).toEqual([expected]));

  test("times in seconds are read", () => {
    expect(parseLine(JSON.stringify(wire("TurnBegin", { text: "Hi" })), "kimi").entries[0]?.time).toBe(
      1_788_257_001_500,
    );
  });
});

test("cursor", () => {
  const line = { role: "user", message: { content: [{ type: "text", text: "<user_query>Hi</user_query>" }] } };
  expect(said(line, "cursor")).toEqual([["user", "text Hi"]]);
});
