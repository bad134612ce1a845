import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identify } from "../../src/identify.js";
import type { TranscriptKind } from "../../src/kind.js";
import { parseLine } from "../../src/lines/parse-line.js";
import { wordsOf } from "../support/blocks.js";

const kinds = fc.constantFrom<TranscriptKind>(
  "claude-code",
  "codex",
  "gemini",
  "qwen",
  "copilot",
  "pi",
  "opencode",
  "cursor",
  "kimi",
  "other",
);

/** Checks the parser's promise: every line can be shown. */
function expectShowable(text: string, kind: TranscriptKind, truncated: boolean): void {
  const { entries, flaw } = parseLine(text, kind, truncated);
  expect(entries.length).toBeGreaterThan(0);
  expect(flaw).not.toBe("unreadable");
  for (const { blocks, time, label, model } of entries) {
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) expect(typeof wordsOf(block)).toBe("string");
    if (time !== null) expect(() => new Date(time).toISOString()).not.toThrow();
    for (const name of [label, model]) if (name !== null) expect(typeof name).toBe("string");
  }
}

/** Keys and values that the parsers look for, so that wrong types appear where they look. */
const WORDS = [
  "type",
  "message",
  "content",
  "role",
  "text",
  "input",
  "name",
  "id",
  "payload",
  "timestamp",
  "toolUseResult",
  "file",
  "structuredPatch",
  "lines",
  "edits",
  "old_string",
  "new_string",
  "file_path",
  "todos",
  "status",
  "command",
  "arguments",
  "output",
  "stdout",
  "stderr",
  "source",
  "data",
  "media_type",
  "summary",
  "thoughts",
  "toolCalls",
  "parts",
  "attachment",
  "snapshot",
  "trackedFileBackups",
  "info",
  "total_token_usage",
  "changes",
  "replacement_history",
  "result",
  "function",
  "user",
  "assistant",
  "system",
  "tool_use",
  "tool_result",
  "image",
  "thinking",
  "attachment",
  "progress",
  "event_msg",
  "response_item",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "reasoning",
  "message",
  "token_count",
  "exec_command_end",
  "session_meta",
  "turn_context",
  "compacted",
  "base64",
  "image/png",
  "$set",
  "$rewindTo",
  "messages",
  "projectHash",
  "gemini",
  "functionCall",
  "functionResponse",
  "response",
  "systemPayload",
  "uuid",
  "sessionId",
  "sessionID",
  "part",
  "state",
  "event",
  "input",
  "content.part",
  "tool.call",
  "context.append_loop_event",
  "turn.prompt",
  "tool.execution_complete",
  "assistant.message",
  "toolRequests",
  "bashExecution",
  "TurnBegin",
  "ToolResult",
  "return_value",
  "session",
  "usage",
  "tokens",
  "__proto__",
  "constructor",
  "*** Begin Patch\n*** Update File: a\n@@\n-b\n+c",
  "<system-reminder>x</system-reminder>",
  "<command-name>/x</command-name>",
];
const word = fc.constantFrom(...WORDS);
const { line } = fc.letrec<{ line: unknown }>((tie) => ({
  line: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.oneof(word, fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie("line"), { maxLength: 4 }),
    fc.array(fc.tuple(word, tie("line")), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

describe("any text gives something to show", () => {
  test("strings", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), kinds, fc.boolean(), expectShowable), {
      numRuns: 2000,
    });
  });
  test("JSON", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), kinds, fc.boolean(), expectShowable), { numRuns: 2000 });
  });
  test("records with wrong types in the right places", () => {
    const record = line.map((value) => JSON.stringify(value) ?? "null");
    fc.assert(fc.property(record, kinds, fc.boolean(), expectShowable), { numRuns: 6000 });
  });
  test("any beginning of a record, with text before and after it", () => {
    const record = line.map((value) => JSON.stringify({ type: "user", message: { content: value } }));
    const around = fc.constantFrom("", "\r", "\uFEFF", "\0\0\0", " ", "}", "{", '"');
    fc.assert(
      fc.property(
        record,
        fc.nat(),
        around,
        around,
        kinds,
        fc.boolean(),
        (text, end, before, after, kind, truncated) => {
          expectShowable(before + text.slice(0, end % (text.length + 1)) + after, kind, truncated);
        },
      ),
      { numRuns: 4000 },
    );
  });
});

describe("a line's meaning doesn't depend on how it is written", () => {
  test("line ends, marks, zero bytes and white space around it", () => {
    const record = line.map((value) => JSON.stringify({ type: "user", message: { content: value } }));
    fc.assert(
      fc.property(record, kinds, (text, kind) => {
        const parsed = parseLine(text, kind);
        for (const written of [`${text}\r`, `\uFEFF${text}`, ` ${text} `, `${text}\0\0`]) {
          expect(parseLine(written, kind)).toEqual(parsed);
        }
      }),
    );
  });
});

describe("identify", () => {
  test("describes any lines", () => {
    const record = line.map((value) => JSON.stringify(value) ?? "null");
    fc.assert(
      fc.property(fc.array(fc.oneof(record, fc.string(), fc.json())), (lines) => {
        const { kind, messages, models } = identify(lines);
        expect(kind).not.toBe("");
        expect(messages.user + messages.assistant).toBeGreaterThanOrEqual(0);
        expect(models.every((model) => model.trim() !== "")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("skips nesting that is too deep to follow", () => {
    const deep = `${'{"functionResponse":{"response":['.repeat(2000)}1${"]}}".repeat(2000)}`;
    const odd = `{"uuid":"u","sessionId":"s","type":"tool_result","message":{"parts":[${deep}]}}`;
    const next = '{"uuid":"v","sessionId":"s","type":"user","message":{"role":"user","parts":[{"text":"Hi"}]}}';
    expect(identify([odd, next])).toMatchObject({ id: "qwen:s", title: "Hi", messages: { user: 1 } });
  });
});

test("nesting that no parser could follow is shown unchanged", () => {
  const deep = "[".repeat(200_000);
  expect(parseLine(deep, "claude-code").entries).toHaveLength(1);
  const nested = `{"type":"user","message":{"content":${"[".repeat(5000)}1${"]".repeat(5000)}}}`;
  expect(parseLine(nested, "claude-code").entries).toHaveLength(1);
});
