/** A small session of each agent, and the facts that its lines hold. */
import type { Identity } from "../../src/identify.js";

const at = (second: number): string => `2026-09-01T10:00:0${second}.000Z`;
const claude = (uuid: string, more: object): object => ({
  parentUuid: null,
  isSidechain: false,
  userType: "external",
  cwd: "/w/app",
  sessionId: "c1",
  version: "2.1.4",
  gitBranch: "main",
  uuid,
  timestamp: at(1),
  ...more,
});
const qwen = (uuid: string, more: object): object => ({
  uuid,
  parentUuid: null,
  sessionId: "q1",
  timestamp: at(1),
  cwd: "/w/app",
  version: "0.24.4",
  gitBranch: "main",
  ...more,
});
const copilot = (id: string, type: string, data: object): object => ({
  type,
  data,
  id,
  timestamp: at(1),
  parentId: null,
});
const pi = (id: string, message: object): object => ({
  type: "message",
  id,
  parentId: null,
  timestamp: at(1),
  message,
});
const opencode = (type: string, part: object): object => ({
  type,
  timestamp: 1_788_257_001_000,
  sessionID: "o1",
  part,
});
const loop = (event: object): object => ({ type: "context.append_loop_event", event, time: 1_788_257_002_000 });

interface Session extends Identity {
  readonly lines: readonly object[];
}

const NOTHING = { branch: undefined, cwd: undefined, version: undefined, models: [], usage: undefined } as const;
const ONE_EACH = { user: 1, assistant: 1 } as const;

export const SESSIONS: readonly Session[] = [
  {
    kind: "claude-code",
    id: "claude-code:c1",
    nativeId: "c1",
    cwd: "/w/app",
    branch: "main",
    title: "Fix the pool",
    version: "2.1.4",
    models: ["claude-opus"],
    messages: ONE_EACH,
    usage: { input: 3, output: 9, cacheRead: 100, cacheWrite: 20 },
    lines: [
      { type: "queue-operation", operation: "enqueue", sessionId: "c1", timestamp: at(0) },
      claude("u1", { type: "user", message: { role: "user", content: "Fix the pool" } }),
      // One answer on two lines, each with its usage so far.
      ...["Looking.", "Done."].map((text, i) =>
        claude(`a${i}`, {
          type: "assistant",
          message: {
            id: "msg_1",
            role: "assistant",
            model: "claude-opus",
            content: [{ type: "text", text }],
            usage: {
              input_tokens: 3,
              output_tokens: 4 + 5 * i,
              cache_read_input_tokens: 100,
              cache_creation_input_tokens: 20,
            },
          },
        }),
      ),
      { type: "mode", mode: "normal", sessionId: "c1" },
    ],
  },
  {
    kind: "codex",
    id: "codex:x1",
    nativeId: "x1",
    cwd: "/w/app",
    branch: "dev",
    title: "Review it",
    version: "0.169.0",
    models: ["gpt-5"],
    messages: ONE_EACH,
    usage: { input: 20, output: 7, cacheRead: 80, cacheWrite: 0 },
    lines: [
      {
        timestamp: at(0),
        ordinal: 0,
        type: "session_meta",
        payload: { id: "x1", cwd: "/w/app", cli_version: "0.169.0", git: { branch: "dev" } },
      },
      { timestamp: at(1), ordinal: 1, type: "turn_context", payload: { cwd: "/w/app", model: "gpt-5" } },
      {
        timestamp: at(1),
        ordinal: 2,
        type: "response_item",
        payload: { type: "message", role: "user", content: [{ type: "input_text", text: "Review it" }] },
      },
      {
        timestamp: at(2),
        ordinal: 3,
        type: "response_item",
        payload: { type: "message", role: "assistant", content: [{ type: "output_text", text: "Fine." }] },
      },
      {
        timestamp: at(2),
        ordinal: 4,
        type: "event_msg",
        payload: {
          type: "token_count",
          info: { total_token_usage: { input_tokens: 100, cached_input_tokens: 80, output_tokens: 7 } },
        },
      },
    ],
  },
  {
    ...NOTHING,
    kind: "gemini",
    id: "gemini:g1",
    nativeId: "g1",
    title: "List the tasks",
    models: ["gemini-3"],
    messages: { user: 1, assistant: 1 },
    usage: { input: 30, output: 12, cacheRead: 70, cacheWrite: 0 },
    lines: [
      { sessionId: "g1", projectHash: "h", startTime: at(0), lastUpdated: at(0), kind: "main" },
      { id: "m1", timestamp: at(1), type: "user", content: [{ text: "List the tasks" }] },
      { id: "m2", timestamp: at(2), type: "gemini", content: "Three.", model: "gemini-3" },
      { $set: { lastUpdated: at(3) } },
      // Replaces the line before.
      {
        id: "m2",
        timestamp: at(2),
        type: "gemini",
        content: "Three.",
        model: "gemini-3",
        tokens: { input: 100, output: 10, cached: 70, thoughts: 2 },
      },
      { $rewindTo: "m1" },
    ],
  },
  {
    kind: "qwen",
    id: "qwen:q1",
    nativeId: "q1",
    cwd: "/w/app",
    branch: "main",
    title: "Rename the helper",
    version: "0.24.4",
    models: ["qwen3"],
    messages: ONE_EACH,
    usage: { input: 60, output: 8, cacheRead: 40, cacheWrite: 0 },
    lines: [
      qwen("q0", { type: "system", subtype: "ui_telemetry", systemPayload: { uiEvent: { "event.name": "start" } } }),
      qwen("q1", { type: "user", message: { role: "user", parts: [{ text: "Rename the helper" }] } }),
      qwen("q2", {
        type: "assistant",
        model: "qwen3",
        message: { role: "model", parts: [{ text: "Hm.", thought: true }, { text: "Renamed." }] },
        usageMetadata: {
          promptTokenCount: 100,
          cachedContentTokenCount: 40,
          candidatesTokenCount: 6,
          thoughtsTokenCount: 2,
        },
      }),
      qwen("q3", {
        type: "user",
        subtype: "notification",
        systemPayload: {},
        message: { role: "user", parts: [{ text: "A task ended" }] },
      }),
    ],
  },
  {
    ...NOTHING,
    kind: "copilot",
    id: "copilot:p1",
    nativeId: "p1",
    cwd: "/w/app",
    branch: "main",
    title: "Why is it empty?",
    version: "1.0.102",
    models: ["gpt-5-mini"],
    messages: ONE_EACH,
    lines: [
      copilot("e0", "session.start", {
        sessionId: "p1",
        copilotVersion: "1.0.102",
        context: { cwd: "/w/app", branch: "main" },
      }),
      copilot("e1", "user.message", { content: "Why is it empty?" }),
      copilot("e2", "assistant.message", { content: "A leak.", model: "gpt-5-mini", toolRequests: [] }),
      copilot("e3", "abort", { reason: "user" }),
    ],
  },
  {
    ...NOTHING,
    kind: "pi",
    id: "pi:019f",
    nativeId: "019f",
    cwd: "/w/app",
    title: "List files",
    models: ["opus"],
    messages: ONE_EACH,
    usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
    lines: [
      { type: "session", version: 3, id: "019f", timestamp: at(0), cwd: "/w/app" },
      { type: "model_change", id: "a", parentId: null, timestamp: at(0), provider: "x", modelId: "opus" },
      pi("b", { role: "user", content: [{ type: "text", text: "List files" }], timestamp: 1 }),
      pi("c", {
        role: "assistant",
        content: [{ type: "text", text: "Two." }],
        api: "messages",
        model: "opus",
        stopReason: "stop",
        usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
      }),
      pi("d", {
        role: "toolResult",
        toolCallId: "t",
        toolName: "ls",
        content: [{ type: "text", text: "a" }],
        isError: false,
      }),
    ],
  },
  {
    ...NOTHING,
    kind: "opencode",
    id: "opencode:o1",
    nativeId: "o1",
    title: undefined,
    messages: { user: 0, assistant: 1 },
    usage: { input: 5, output: 7, cacheRead: 8, cacheWrite: 9 },
    lines: [
      opencode("step_start", { id: "p0", type: "step-start" }),
      opencode("text", { id: "p1", type: "text", text: "In the readme." }),
      opencode("tool_use", {
        id: "p2",
        type: "tool",
        tool: "bash",
        callID: "c",
        state: { status: "completed", input: { command: "ls" }, output: "readme" },
      }),
      opencode("step_finish", {
        id: "p3",
        type: "step-finish",
        tokens: { input: 5, output: 6, reasoning: 1, cache: { read: 8, write: 9 } },
      }),
    ],
  },
  {
    ...NOTHING,
    kind: "cursor",
    id: undefined,
    nativeId: undefined,
    title: "Find the bug",
    messages: ONE_EACH,
    lines: [
      { role: "user", message: { content: [{ type: "text", text: "<user_query>\nFind the bug\n</user_query>" }] } },
      { role: "assistant", message: { content: [{ type: "text", text: "In line 4." }] } },
    ],
  },
  {
    ...NOTHING,
    kind: "kimi",
    id: undefined,
    nativeId: undefined,
    cwd: "/w/app",
    title: "Count the files",
    models: ["moonshot/kimi"],
    messages: ONE_EACH,
    usage: { input: 10, output: 2, cacheRead: 30, cacheWrite: 0 },
    lines: [
      { type: "metadata", protocol_version: "1.4", created_at: 1_788_257_000_000 },
      { type: "config.update", cwd: "/w/app", modelAlias: "moonshot/kimi", time: 1_788_257_000_000 },
      {
        type: "turn.prompt",
        input: [{ type: "text", text: "Count the files" }],
        origin: { kind: "user" },
        time: 1_788_257_001_000,
      },
      {
        type: "context.append_message",
        message: { role: "user", content: [{ type: "text", text: "Count the files" }] },
        time: 1_788_257_001_000,
      },
      loop({ type: "content.part", stepUuid: "s1", part: { type: "think", think: "Hm." } }),
      loop({ type: "content.part", stepUuid: "s1", part: { type: "text", text: "Seven." } }),
      {
        type: "usage.record",
        model: "moonshot/kimi",
        usage: { inputOther: 10, output: 2, inputCacheRead: 30, inputCacheCreation: 0 },
        time: 1_788_257_002_000,
      },
    ],
  },
  {
    ...NOTHING,
    kind: "kimi",
    id: undefined,
    nativeId: undefined,
    title: "Count again",
    messages: ONE_EACH,
    lines: [
      { timestamp: 1_795_850_487.1, message: { type: "TurnBegin", payload: { user_input: "Count again" } } },
      { timestamp: 1_795_850_488.1, message: { type: "ContentPart", payload: { type: "text", text: "Eight." } } },
    ],
  },
];
