/** Written lines are recognised as the agent's, and are read back unchanged. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claudeCodeSummary, claudeCodeWriter } from "../src/claude-code/write.js";
import {
  codexHead,
  codexMessage,
  codexPatchCall,
  codexPatchOutput,
  codexShellCall,
  codexShellOutput,
  codexTokens,
} from "../src/codex/write.js";
import type { Block, Entry } from "../src/entry.js";
import { identify } from "../src/identify.js";
import type { AgentId } from "../src/kind.js";
import { parseLine } from "../src/lines/parse-line.js";

const TIME = "2026-07-12T10:00:00.000Z";
const USAGE = { input: 3, output: 9, cacheRead: 100, cacheWrite: 20 };
/** Text that isn't blank, without tags, because agents put tags around text that isn't the user's. */
const words = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => `w ${text.replace(/[<>]/g, "")} w`);

function read(kind: AgentId, line: string): Entry {
  expect(identify([line]).kind).toBe(kind);
  const { entries, flaw } = parseLine(line, "other");
  expect(flaw).toBeNull();
  const [entry] = entries;
  if (entries.length !== 1 || !entry) throw new Error(`${entries.length} entries of ${line}`);
  return entry;
}

const shown = ({ role, blocks, time }: Entry): object => ({ role, blocks, time });
const said = (role: Entry["role"], ...blocks: readonly object[]): object => ({
  role,
  time: Date.parse(TIME),
  blocks: blocks.map((block) => expect.objectContaining(block)),
});

describe("Claude Code", () => {
  const session = { sessionId: "s1", cwd: "/w", version: "2.1.4", gitBranch: "main", model: "claude-x" };
  const make = () => {
    const writer = claudeCodeWriter(session);
    let lines = 0;
    return { writer, stamp: () => ({ uuid: `u${++lines}`, timestamp: TIME }) };
  };

  test("messages of every role", () => {
    const { writer, stamp } = make();
    fc.assert(
      fc.property(words, (text) => {
        expect(shown(read("claude-code", writer.prompt(text, stamp())))).toEqual(said("user", { type: "text", text }));
        const answer = writer.answer({ id: "m", content: [{ type: "text", text }], usage: USAGE }, stamp());
        expect(shown(read("claude-code", answer))).toEqual(said("assistant", { type: "text", text }));
        expect(read("claude-code", answer).model).toBe("claude-x");
      }),
    );
  });

  test("a call and its result, failed or not", () => {
    const { writer, stamp } = make();
    const content = [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } }] as const;
    expect(shown(read("claude-code", writer.answer({ id: "m", content, usage: USAGE }, stamp())))).toEqual(
      said("assistant", { type: "call", id: "t1", name: "Bash", summary: "ls" }),
    );
    for (const failed of [true, false, undefined]) {
      const result = { tool_use_id: "t1", content: "a.ts", ...(failed === undefined ? {} : { is_error: failed }) };
      expect(shown(read("claude-code", writer.toolResult(result, stamp())))).toEqual(
        said("tool", { type: "result", callId: "t1", failed: failed === true }),
      );
    }
  });

  test("a session's facts, each line behind the one before", () => {
    const { writer, stamp } = make();
    const answer = { id: "m1", content: [{ type: "text", text: "Done." }], usage: USAGE } as const;
    const lines = [
      claudeCodeSummary("A name", "u0"),
      writer.prompt("Fix it", stamp()),
      writer.answer(answer, stamp()),
      writer.answer({ ...answer, id: "m2" }, stamp()),
    ];
    expect(identify(lines)).toMatchObject({
      id: "claude-code:s1",
      cwd: "/w",
      branch: "main",
      version: "2.1.4",
      title: "Fix it",
      models: ["claude-x"],
      messages: { user: 1, assistant: 2 },
      usage: { input: 6, output: 18, cacheRead: 200, cacheWrite: 40 },
    });
    const chain = lines.slice(1).map((line) => JSON.parse(line) as { uuid: unknown; parentUuid: unknown });
    expect(chain.map(({ parentUuid }) => parentUuid)).toEqual([null, "u1", "u2"]);
  });
});

describe("Codex", () => {
  test("messages of every role", () => {
    fc.assert(
      fc.property(words, fc.constantFrom("user", "assistant"), (text, role) => {
        expect(shown(read("codex", codexMessage(role, text, TIME)))).toEqual(said(role, { type: "text", text }));
      }),
    );
  });

  const resultOf = (entry: Entry): Block | undefined => entry.blocks.find(({ type }) => type === "result");
  test.each([
    ["a command", codexShellCall("c1", "ls -l", "/w", TIME), "ls -l", codexShellOutput],
    [
      "a patch",
      codexPatchCall("c1", "*** Begin Patch\n*** Add File: a.ts\n+x\n*** End Patch\n", TIME),
      "a.ts",
      codexPatchOutput,
    ],
  ] as const)("%s and its output, failed or not", (_name, call, summary, output) => {
    const made = read("codex", call);
    expect(shown(made)).toEqual(said("assistant", { type: "call", id: "c1" }));
    expect(JSON.stringify(made.blocks)).toContain(summary);
    for (const exitCode of [0, 2]) {
      const entry = read("codex", output("c1", { output: "printed", exitCode, seconds: 0.4 }, TIME));
      expect(entry.role).toBe("tool");
      expect(resultOf(entry)).toMatchObject({ callId: "c1", failed: exitCode !== 0 });
      expect(JSON.stringify(entry.blocks)).toContain("printed");
    }
  });

  test("a session's facts", () => {
    const lines = [
      codexHead({ id: "x1", cwd: "/w", originator: "codex_cli", cli_version: "0.99.0" }, TIME),
      codexMessage("user", "Fix it", TIME),
      codexMessage("assistant", "Done.", TIME),
      codexTokens({ ...USAGE, input: 1 }, TIME),
      codexTokens(USAGE, TIME),
    ];
    expect(identify(lines)).toMatchObject({
      id: "codex:x1",
      cwd: "/w",
      version: "0.99.0",
      title: "Fix it",
      messages: { user: 1, assistant: 1 },
      // Codex doesn't report tokens written to a cache.
      usage: { ...USAGE, cacheWrite: 0 },
    });
  });
});
