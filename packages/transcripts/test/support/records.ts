/** One record of each agent, with the text `words`. */
import type { TranscriptKind } from "../../src/kind.js";

const TIME = "2026-07-12T10:00:00.000Z";
const UUID = "0f0e0d0c-0b0a-4908-8706-050403020100";

export interface SampleRecord {
  readonly name: string;
  readonly kind: TranscriptKind;
  make(words: string): string;
}

const sample = (name: string, kind: TranscriptKind, make: (words: string) => unknown): SampleRecord => ({
  name,
  kind,
  make: (words) => JSON.stringify(make(words)),
});

const envelope = { parentUuid: null, sessionId: UUID, cwd: "/w", uuid: UUID, timestamp: TIME };

export const RECORDS: readonly SampleRecord[] = [
  sample("claude-code answer", "claude-code", (text) => ({
    ...envelope,
    type: "assistant",
    message: { role: "assistant", content: [{ type: "text", text }], usage: { input_tokens: 3, output_tokens: 4 } },
  })),
  sample("claude-code prompt, bare", "claude-code", (text) => ({
    type: "user",
    message: { role: "user", content: text },
  })),
  sample("claude-code call", "claude-code", (command) => ({
    type: "assistant",
    ...envelope,
    message: {
      role: "assistant",
      content: [
        { type: "tool_use", id: "t", name: "Bash", input: { command, env: {}, args: [1, true, null, -2.5e3] } },
      ],
    },
  })),
  sample("codex answer", "codex", (text) => ({
    timestamp: TIME,
    type: "response_item",
    payload: { type: "message", role: "assistant", content: [{ type: "output_text", text }] },
  })),
  sample("codex answer with ordinal", "codex", (text) => ({
    timestamp: TIME,
    ordinal: 7,
    type: "response_item",
    payload: { type: "message", role: "assistant", content: [{ type: "output_text", text }] },
  })),
  sample("codex reasoning", "codex", (text) => ({
    timestamp: TIME,
    type: "response_item",
    payload: {
      type: "reasoning",
      summary: [{ type: "summary_text", text }],
      content: null,
      encrypted_content: "gAAAAAB",
    },
  })),
  sample("gemini answer", "gemini", (content) => ({ id: "m1", timestamp: TIME, type: "gemini", content, model: "m" })),
  sample("gemini prompt", "gemini", (text) => ({ id: "m1", timestamp: TIME, type: "user", content: [{ text }] })),
  sample("qwen answer", "qwen", (text) => ({
    ...envelope,
    type: "assistant",
    message: {
      role: "model",
      parts: [{ text: "Hm.", thought: true }, { text }, { functionCall: { id: "c", name: "edit", args: {} } }],
    },
  })),
  sample("qwen tool result", "qwen", (output) => ({
    ...envelope,
    type: "tool_result",
    message: { role: "user", parts: [{ functionResponse: { id: "c", name: "edit", response: { output } } }] },
  })),
  sample("copilot answer", "copilot", (content) => ({
    type: "assistant.message",
    data: { content, toolRequests: [{ toolCallId: "c", name: "bash", arguments: { command: "ls" } }] },
    id: "e1",
    timestamp: TIME,
    parentId: null,
  })),
  sample("copilot prompt, bare", "copilot", (content) => ({
    type: "user.message",
    data: { content },
    id: "e",
    timestamp: TIME,
  })),
  sample("pi answer", "pi", (text) => ({
    type: "message",
    id: "0a1b2c3d",
    parentId: null,
    timestamp: TIME,
    message: { role: "assistant", content: [{ type: "text", text }], api: "a", stopReason: "stop", timestamp: 1 },
  })),
  sample("opencode answer", "opencode", (text) => ({
    type: "text",
    timestamp: 1_788_257_001_000,
    sessionID: "s",
    part: { type: "text", text },
  })),
  sample("opencode tool", "opencode", (output) => ({
    type: "tool_use",
    timestamp: 1_788_257_001_000,
    sessionID: "s",
    part: { type: "tool", tool: "bash", state: { status: "completed", input: { command: "ls" }, output } },
  })),
  sample("cursor answer", "cursor", (text) => ({ role: "assistant", message: { content: [{ type: "text", text }] } })),
  sample("kimi code answer", "kimi", (text) => ({
    type: "context.append_loop_event",
    event: { type: "content.part", uuid: "k", part: { type: "text", text } },
    time: 1_788_257_001_000,
  })),
  sample("kimi cli answer", "kimi", (text) => ({
    timestamp: 1_795_850_487.172,
    message: { type: "ContentPart", payload: { type: "text", text } },
  })),
  sample("of an unknown agent", "other", (text) => ({
    at: 1_788_257_000,
    who: "assistant",
    role: "assistant",
    content: [{ kind: { deep: [{}] }, text }],
  })),
];
