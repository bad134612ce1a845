/** One record of each agent, saying `words`. */
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
  sample("of an agent nobody knows", "other", (text) => ({
    at: 1_788_257_000,
    who: "assistant",
    role: "assistant",
    content: [{ kind: { deep: [{}] }, text }],
  })),
];
