/** Results stand under their calls, wherever their lines are. */
import type { Block, Entry } from "@session-archiver/transcripts";
import { expect, test } from "vitest";
import type { LineEntry } from "../../src/show/entries.js";
import { joinResults } from "../../src/show/join-results.js";

const call = (id: string | null): Block => ({ type: "call", id, name: "Bash", summary: "", body: [] });
const result = (callId: string | null): Block => ({
  ...{ type: "result", callId, name: null, failed: false, note: "" },
  body: [],
});
const words: Block = { type: "text", text: "words" };

function entry(line: number, role: Entry["role"], blocks: readonly Block[], weight = 1): LineEntry {
  return {
    line,
    entry: { role, label: null, time: null, model: null, blocks },
    flaw: null,
    bytes: 1,
    weight,
    turn: undefined,
  };
}

async function* each(entries: readonly LineEntry[], taken: number[] = []): AsyncGenerator<LineEntry> {
  for (const one of entries) {
    taken.push(one.line);
    yield one;
  }
}

/** Lines with what they show: `4 call<6` is a call in line 4 with its result from line 6. */
async function joined(entries: readonly LineEntry[]): Promise<readonly string[]> {
  const shown: string[] = [];
  for await (const { line, entry: given, results } of joinResults(each(entries))) {
    const parts = given.blocks.map((block) => {
      const found = block.type === "call" ? results.get(block) : undefined;
      return found ? `${block.type}<${found.line}` : block.type;
    });
    shown.push([line, ...parts].join(" "));
  }
  return shown;
}

test.each<[string, readonly LineEntry[], readonly string[]]>([
  [
    "of calls at the same time, in any order",
    [
      entry(1, "assistant", [call("a")]),
      entry(2, "assistant", [call("b")]),
      entry(3, "tool", [result("b")]),
      entry(4, "tool", [result("a")]),
    ],
    ["1 call<4", "2 call<3"],
  ],
  [
    "with other text in their line",
    [entry(1, "assistant", [words, call("a")]), entry(2, "tool", [result("a"), words])],
    ["1 text call<2", "2 text"],
  ],
  [
    "in the same line",
    [entry(1, "assistant", [call("a"), result("a"), call(null), result(null)])],
    ["1 call<1 call<1"],
  ],
  ["without their call", [entry(1, "tool", [result("a")]), entry(2, "tool", [result(null)])], ["1 result", "2 result"]],
  [
    "after the next turn has begun",
    [entry(1, "assistant", [call("a")]), entry(2, "user", [words]), entry(3, "tool", [result("a")])],
    ["1 call", "2 text", "3 result"],
  ],
  [
    "of an id that is used again",
    [entry(1, "assistant", [call("a")]), entry(2, "tool", [result("a")]), entry(3, "tool", [result("a")])],
    ["1 call<2", "3 result"],
  ],
  ["of an empty entry", [entry(1, "assistant", [])], ["1"]],
])("results %s", async (_, entries, expected) => {
  expect(await joined(entries)).toEqual(expected);
});

test.each([
  ["many entries", 1, 1000],
  ["much text", 4 * 1024 * 1024, 3],
])("a call waits for its result only so long: %s", async (_, weight, most) => {
  const taken: number[] = [];
  const later = Array.from({ length: 2000 }, (__, i) => entry(i + 2, "assistant", [words], weight));
  const all = joinResults(each([entry(1, "assistant", [call("a")], weight), ...later], taken));
  const first = await all.next();
  expect(first.value?.line).toBe(1);
  expect(taken.length).toBeLessThanOrEqual(most);
  await all.return(undefined);
});
