/** `show`: a session as a conversation to read. */
import { describe, expect, test } from "vitest";
import { SESSIONS } from "../../../transcripts/test/support/sessions.js";
import type { ShowOptions } from "../../src/show/options.js";
import { answered, asked, called, record, returned } from "../support/claude-session.js";
import { linesOf, newShower } from "../support/shower.js";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";

/** A conversation of two turns with most of what there is. */
const RECORDS = [
  asked("Fix the pool"), // 1
  answered([{ type: "thinking", thinking: "Where is it?" }]),
  answered("Looking at it."), // 3
  called("t1", "Bash", { command: "npm test" }),
  called("t2", "Bash", { command: "false" }), // 5
  returned("t1", "one\ntwo\nthree"),
  returned("t2", "Exit code 3\nnothing there", { is_error: true }), // 7
  called("t3", "Edit", {
    file_path: "/w/app/src/a.ts",
    old_string: "const a = 1;\n",
    new_string: "const a = 2;\nb();\n",
  }),
  returned("t3", "The file was updated."), // 9
  called("t4", "TodoWrite", {
    todos: [
      { content: "Look", status: "completed" },
      { content: "Mend", status: "in_progress" },
      { content: "Try", status: "pending" },
    ],
  }),
  returned("t4", "Noted."), // 11
  record({ type: "system", subtype: "compact_boundary", compactMetadata: { preTokens: 9000 } }),
  { type: "mode", mode: "normal", sessionId: "c1" }, // 13
  asked([
    { type: "text", text: "And this?" },
    { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
  ]),
  answered("Done.\n\n```ts\nconst  kept   =    1;\n```"), // 15
];

async function shown(options: ShowOptions = {}, columns = 80): Promise<string> {
  const shower = newShower();
  await shower.put("claude-code:c1", linesOf(RECORDS));
  const { exitCode, text, stderr } = await shower.show("c1", options, { env: { COLUMNS: String(columns) } });
  expect([exitCode, stderr]).toEqual([0, ""]);
  return text;
}

const bodyOf = (text: string): string => text.slice(text.indexOf("\n\n") + 2);

test("says first what the session is", async () => {
  const [title, who, when, state, id] = (await shown()).split("\n");
  expect(title).toBe("Fix the pool");
  expect(who).toBe("Claude Code · app · main · claude-opus");
  expect(when).toMatch(/^2026-01-05 \d\d:\d\d to \d\d:\d\d · 2 from you, 2 answers, 15 lines$/);
  expect(state).toMatch(/^live · \d[\d.]* kB$/);
  expect(id).toBe("claude-code:c1");
});

test("then the conversation, with tools on one line each", async () => {
  const text = bodyOf(await shown()).replaceAll(/(?:2026-01-05 )?\d\d:\d\d/g, "TIME");
  expect(text).toBe(`#1 user TIME turn 1
  Fix the pool

#3 assistant TIME claude-opus
  Looking at it.

⏺ Bash: npm test  3 lines  #4
⏺ Bash: false  exit code 3, 2 lines  #5
  ⎿ nothing there
⏺ Edit: src/a.ts  +2 −1  #8
⏺ TodoWrite  1 line  #10
  ☑ Look
  ▶ Mend
  ☐ Try
· Conversation compacted: was 9,000 tokens  #12

#14 user TIME turn 2
  And this?

  [image 45 B png]

#15 assistant TIME
  Done.

  \`\`\`ts
  const  kept   =    1;
  \`\`\`
`);
});

test("--tools shows what tools were given and said, --thinking the reasoning, --full everything", async () => {
  const tools = await shown({ tools: true });
  for (const line of ["  ⎿ one", "    two", "  -const a = 1;", "  +b();", "  src/a.ts  +2 −1"])
    expect(tools).toContain(line);
  expect(tools).not.toMatch(/Where is it|Mode/);
  expect(await shown({ thinking: true })).toContain("Where is it?");
  const full = await shown({ full: true });
  for (const text of ["Where is it?", "· Mode: normal", "    three"]) expect(full).toContain(text);
});

test("tools say their first 10 lines, and how many more there are", async () => {
  const shower = newShower();
  const said = Array.from({ length: 25 }, (_, i) => `line ${i + 1}`).join("\n");
  await shower.put("claude-code:c1", linesOf([called("t", "Read", { file_path: "/x" }), returned("t", said)]));
  const some = (await shower.show("c1", { tools: true })).text;
  expect(some).toContain("    line 10\n    … 15 more lines\n");
  expect((await shower.show("c1", { full: true })).text).toContain("    line 25\n");
});

test.each<[string, ShowOptions, readonly number[]]>([
  ["a line", { line: 4, context: 1 }, [3, 4, 5]],
  ["the first line", { line: 1 }, [1, 3, 4]],
  ["a line alone", { line: 5, context: 0 }, [5]],
  ["lines", { lines: { from: 2, to: 4 } }, [3, 4]],
  ["a turn", { turns: { from: 2, to: 2 } }, [14, 15]],
  ["turns from the start", { turns: { from: 1, to: 1 } }, [1, 3, 4, 5, 8, 10, 12]],
  ["turns to the end", { turns: { from: 2, to: undefined } }, [14, 15]],
  ["the last turn", { last: true }, [14, 15]],
  ["the last two turns", { last: 2 }, [1, 3, 4, 5, 8, 10, 12, 14, 15]],
  ["more turns than there are", { last: 9 }, [1, 3, 4, 5, 8, 10, 12, 14, 15]],
  ["three messages", { limit: 3 }, [1, 3, 4]],
])("shows %s", async (_, options, expected) => {
  const numbers = [...bodyOf(await shown(options)).matchAll(/^(?:▶ )?#(\d+) | {2}#(\d+)$/gm)].map(([, heading, end]) =>
    Number(heading ?? end),
  );
  expect([...new Set(numbers)]).toEqual(expected);
});

test("the line that was asked for is shown in full, whatever it is", async () => {
  expect(bodyOf(await shown({ line: 2, context: 0 }))).toMatch(/^▶ #2 assistant .*\n {2}Where is it\?\n$/);
  expect(bodyOf(await shown({ line: 13, context: 0 }))).toMatch(/^▶ #13 event\n· Mode: normal {2}#13\n$/);
  // A result stands under its call, if that is in the window as well.
  const result = bodyOf(await shown({ line: 6, context: 2 }));
  expect(result).toMatch(/▶ #4 assistant .*\n⏺ Bash: npm test {2}3 lines {2}#4\n {2}⎿ one\n {4}two\n {4}three\n/);
  expect(bodyOf(await shown({ line: 6, context: 0 }))).toMatch(/^▶ #6 tool .*\n⎿ result {2}3 lines {2}#6\n {2}⎿ one\n/);
});

test.each([
  [{ line: 99 }, "There is no line 99: it has 15 lines."],
  [{ turns: { from: 3, to: 4 } }, "There is no turn 3: it has 2 turns."],
  [{ file: "nope" }, 'Session "claude-code:c1" has no file "nope".'],
])("says what there isn't: %j", async (options, message) => {
  const shower = newShower();
  await shower.put("claude-code:c1", linesOf(RECORDS));
  const { exitCode, stderr } = await shower.show("c1", options);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(message);
});

test.each(SESSIONS.map((session) => [session.kind, session] as const))(
  "shows a session of %s",
  async (_, { id, title, lines }) => {
    const shower = newShower();
    await shower.put(id ?? "other:x", linesOf(lines));
    const { exitCode, text } = await shower.show(id ?? "other:x");
    expect(exitCode).toBe(0);
    if (title !== undefined) expect(text.split("\n")[0]).toBe(title);
    expect(bodyOf(text)).toMatch(/^#\d+ (user|assistant)/m);
    const full = await shower.show(id ?? "other:x", { full: true });
    expect(full.exitCode).toBe(0);
  },
);

test("shows broken lines for what they are", async () => {
  const torn = JSON.stringify(answered("It breaks off")).slice(0, -3);
  const glued = JSON.stringify(answered("one")) + JSON.stringify(answered("two"));
  const shower = newShower();
  await shower.put("claude-code:c1", linesOf([asked("Go"), torn, glued, "", "not a record", "\0\0{}"]));
  const { text } = await shower.show("c1");
  for (const words of ["! a record that breaks off", "! several records on one line", "! a blank line"])
    expect(text).toContain(words);
  for (const words of ["It breaks off", "one", "two", "not a record", "! a line that is no record"])
    expect(text).toContain(words);
});

test("marks summaries and subagents", async () => {
  const shower = newShower();
  const records = [
    asked("All that was said so far", { isCompactSummary: true }),
    asked("Go", { isSidechain: true, agentId: "a1" }),
    answered("I look", { isSidechain: true, agentId: "a1" }),
  ];
  await shower.put("claude-code:c1/agent-a1", linesOf(records));
  const { text } = await shower.show("c1/agent-a1");
  expect(text).toContain("▸ Summary so far: All that was said so far  1 line");
  expect(text).toMatch(/^#3 subagent /m);
});

describe("colours", () => {
  const ESCAPE = "\u001b[";

  test("are there if they are wanted, and only then", async () => {
    const shower = newShower();
    await shower.put("claude-code:c1", linesOf(RECORDS));
    const plain = await shower.show("c1", { tools: true });
    const colored = await shower.show("c1", { tools: true }, { color: "always" });
    expect(plain.text).not.toContain(ESCAPE);
    expect(colored.text).toContain(`${ESCAPE}31m-const a = 1;`);
    expect(colored.text).toContain(`${ESCAPE}32m+b();`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test takes them away
    expect(colored.text.replaceAll(/\u001b\[[\d;]*m/g, "")).toBe(plain.text);
    const refused = await shower.show("c1", {}, { env: { NO_COLOR: "1", FORCE_COLOR: "1" } });
    expect(refused.text).not.toContain(ESCAPE);
  });
});
