import { describe, expect, test } from "vitest";
import { createLines } from "../../src/transcript/lines.ts";
import type { TranscriptLine } from "../../src/worker/api.ts";

const say = (role: string, ...content: readonly unknown[]) => ({ type: role, message: { role, content } });
const call = (id: string) => say("assistant", { type: "tool_use", id, name: "Bash", input: { command: `run ${id}` } });
const result = (id: string) => say("user", { type: "tool_result", tool_use_id: id, content: "done" });
const note = { type: "mode", mode: "normal" };

function setUp(records: readonly unknown[], missing: readonly number[] = []) {
  const all = records.map((record, index): TranscriptLine => {
    const text = JSON.stringify(record);
    return { index, text, bytes: text.length + 1, truncated: false };
  });
  const lines = createLines("claude-code", (index) => (missing.includes(index) ? undefined : all[index]));
  return { lines, continues: () => all.map((line) => lines.continues(line)) };
}

describe("a line continues", () => {
  test("the assistant's turn, through tools and events, until someone else speaks", () => {
    const text = { type: "text", text: "hm" };
    const records = [
      say("user", text),
      say("assistant", text),
      call("a"),
      note,
      result("a"),
      say("user", text),
      say("user", text),
      call("b"),
    ];
    expect(setUp(records).continues()).toEqual([false, false, true, false, true, false, false, false]);
  });

  test("nothing, if what comes before isn't known", () => {
    expect(setUp([call("a"), result("a")], [0]).continues()).toEqual([false, false]);
  });
});

describe("a result finds its call", () => {
  test("right above it, or with others between", () => {
    const { lines } = setUp([call("a"), note, result("a"), call("b"), call("c"), result("b"), result("c")]);
    expect(lines.call("a", 2)).toEqual({ name: "Bash", summary: "run a", isNear: true });
    expect(lines.call("b", 5)).toMatchObject({ summary: "run b", isNear: false });
    expect(lines.call("c", 6)).toMatchObject({ summary: "run c", isNear: false });
  });

  test("only if it has been read", () => {
    const { lines } = setUp([call("a"), note, result("a")], [1]);
    expect(lines.call("a", 2)).toBeUndefined();
  });
});
