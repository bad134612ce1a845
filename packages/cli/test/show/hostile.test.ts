/** Text from sessions never controls the terminal, wherever in a record it stands. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RECORDS } from "../../../transcripts/test/support/records.js";
import { SESSIONS } from "../../../transcripts/test/support/sessions.js";
import { answered, asked, called, returned } from "../support/claude-session.js";
import { linesOf, newShower } from "../support/shower.js";

/** Colour, title, hyperlink, clipboard, C1, direction, line separators, and what moves the cursor. */
const HOSTILE =
  "\u001b[31m\u001b]0;title\u0007\u001b]8;;http://x\u001b\\x\u001b]52;c;AAAA\u0007\u009b1m\u0090\u202e\u2066\u2028\u2029\r\b\u0007\u007f\u0000";
const DANGER = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** The first dangerous character, apart from line ends and our own colours. */
function rawIn(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test takes our own away
  return DANGER.exec(text.replaceAll(/\u001b\[\d+m|\n/g, ""))?.[0];
}

/** The same value with the text at the end of each string and each key. */
function planted(value: unknown, text: string): unknown {
  if (typeof value === "string") return value + text;
  if (Array.isArray(value)) return value.map((item) => planted(item, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, planted(inner, text)]));
}

/** The same record, once for each of its strings, which is hostile there. */
function* oneByOne(record: unknown): Generator<unknown> {
  let count = 0;
  const marked = (value: unknown, at: number): unknown => {
    if (typeof value === "string") return count++ === at ? value + HOSTILE : value;
    if (Array.isArray(value)) return value.map((item) => marked(item, at));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner, at)]));
  };
  for (let at = 0; at === 0 || at < count; at++) {
    count = 0;
    yield marked(record, at);
  }
}

const WAYS = [{}, { tools: true }, { full: true }, { line: 1 }, { last: 1 }] as const;

async function expectHarmless(id: string, lines: string): Promise<void> {
  const shower = newShower();
  await shower.put(id, lines);
  for (const way of WAYS) {
    const options = "line" in way && lines === "" ? {} : way;
    const { text, stderr } = await shower.show(id, options, { color: "always", env: { COLUMNS: "60" } });
    expect(text).not.toBe("");
    expect([options, rawIn(text), rawIn(stderr)]).toEqual([options, undefined, undefined]);
  }
  const { text } = await shower.show(id, { full: true }, { json: true });
  expect(rawIn(text)).toBeUndefined();
  expect(() => JSON.parse(text)).not.toThrow();
}

const CLAUDE = [
  asked("words"),
  answered([{ type: "thinking", thinking: "thought" }]),
  called("t1", "Bash", { command: "ls" }),
  returned("t1", "out", { is_error: true }),
  called("t2", "Edit", { file_path: "/w/app/a.ts", old_string: "a", new_string: "b" }),
  called("t3", "TodoWrite", { todos: [{ content: "todo", status: "pending" }] }),
  called("t4", "mcp__x", { odd: ["value"] }),
  asked([{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo" } }]),
  { type: "summary", summary: "sum", leafUuid: "u" },
  { type: "system", subtype: "api_error", sessionId: "c1", isSidechain: false, error: { message: "bad" } },
];

describe("hostile text", () => {
  test.each(SESSIONS.map((session) => [session.kind, session.lines] as const))(
    "in every text of a session of %s",
    async (kind, lines) => {
      await expectHarmless(`${kind}:x`, linesOf(lines.map((line) => planted(line, HOSTILE))));
      await expectHarmless(`${kind}:x`, linesOf(lines.flatMap((line) => [...oneByOne(line)])));
    },
  );

  test("in every field of Claude Code's records", async () => {
    await expectHarmless("claude-code:c1", linesOf(CLAUDE.flatMap((record) => [...oneByOne(record)])));
  });

  test.each(RECORDS.map((record) => [record.name, record] as const))("in a record: %s", async (_, { kind, make }) => {
    await expectHarmless(`${kind}:x`, `${make(`a\n${HOSTILE}\tb`)}\n`);
  });

  test("in lines that are no records, in ids and in names of files", async () => {
    await expectHarmless(`odd:${HOSTILE.replaceAll("\0", "")}`, `${HOSTILE}\n{"type":"user","mess${HOSTILE}\n`);
    const shower = newShower();
    await shower.put("claude-code:c1", linesOf(CLAUDE));
    const name = `tool-results/${HOSTILE.replaceAll("\0", "")}.txt`;
    const bytes = new TextEncoder().encode(`${HOSTILE}\n`);
    async function* given(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    await shower.ports.blobs.create({ id: "claude-code:c1", name }, "g1", given());
    for (const options of [{}, { file: "tool-results" }, { file: HOSTILE }, { file: "none\u001b[31m" }]) {
      const { text, stderr } = await shower.show("c1", options, { color: "always" });
      expect([rawIn(text), rawIn(stderr)]).toEqual([undefined, undefined]);
    }
  });

  test("of any kind, anywhere in a message", async () => {
    const shower = newShower();
    const unit = fc.oneof(
      fc.constantFrom(...HOSTILE, "`", "#", "|", "\t", "漢", "👩‍👩‍👧"),
      fc.string({ unit: "binary", minLength: 1 }),
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 40 }), async (words) => {
        const id = `claude-code:p${n++}`;
        await shower.put(id, linesOf([answered(words), called("t", words, { command: words }), returned("t", words)]));
        expect(rawIn((await shower.show(id, { tools: true })).text)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
