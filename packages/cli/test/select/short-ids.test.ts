/** Short ids, and that commands find the sessions by them. */
import { createArchiver, memoryPorts } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../../src/command.js";
import { namedSession } from "../../src/ids.js";
import { shortIds } from "../../src/select/short-ids.js";

const UUID = "0b2cf6a7-1111-4222-8333-444455556666";

function shortAmong(id: string, ...others: readonly string[]): string {
  const names = shortIds(1000);
  for (const one of [id, ...others]) names.add({ id: one, aliases: [] });
  return names.shortOf(id);
}

describe("a short id", () => {
  test.each<[string, string, readonly string[]]>([
    ["eight characters", "0b2cf6a7", [`claude-code:${UUID}`]],
    ["more where another begins so", "0b2cf6a7-2", ["codex:0b2cf6a7-2222", `claude-code:${UUID}`]],
    ["not a dash more", "0b2cf6a7-9", ["codex:0b2cf6a7-9999", "codex:0b2cf6a79999"]],
    ["the same with subagents", "0b2cf6a7", [`claude-code:${UUID}`, `claude-code:${UUID}/agent-a1b2c3d4e5`]],
    ["a subagent's", "agent-a1b2c3d", [`claude-code:${UUID}/agent-a1b2c3d4e5`, `claude-code:${UUID}`]],
    ["a subagent's that has no more", "agent-a1b2c3d", [`claude-code:${UUID}/agent-a1b2c3d`, `claude-code:${UUID}`]],
    ["the last part of a path", "4f9c8a21", ["-Users-me/4f9c8a21-77"]],
    ["a whole id that is short", "x", ["x", "xylophone"]],
    ["a whole id whose name another one begins with", "codex:12345678", ["codex:12345678", "pi:123456789"]],
    ["a whole id of a name that is there twice", `codex:${UUID}`, [`codex:${UUID}`, `pi:${UUID}`]],
    ["nothing that looks like a flag", "codex:-verbose-1", ["codex:-verbose-1", "pi:x"]],
    ["nothing that all ids of an agent begin with", "pi:claude-code-1", ["pi:claude-code-1", "claude-code:9"]],
  ])("%s: %s", (_, short, ids) => {
    expect(shortAmong(...(ids as [string, ...string[]]))).toBe(short);
  });

  test("forgets the names that were seen first, so that memory stays the same", () => {
    const names = shortIds(2);
    for (const id of ["codex:123456789a", "codex:123456789b", "codex:123456789c"]) names.add({ id, aliases: [] });
    expect(names.shortOf("codex:123456789c")).toBe("123456789c");
    for (const id of ["codex:v", "codex:w", "codex:x", "codex:y"]) names.add({ id, aliases: [] });
    expect(names.shortOf("codex:123456789c")).toBe("12345678");
  });

  test("is the whole id where very many begin alike, as those that count do", () => {
    const ids = Array.from({ length: 60 }, (_, i) => `session-${1000 + i}`);
    expect(shortAmong("session-1000", ...ids.slice(1, 9))).toBe("session-1000");
    expect(shortAmong("session-x100", ...ids.slice(1, 9))).toBe("session-x");
    expect(shortAmong("session-x100", ...ids)).toBe("session-x100");
  });

  test("always finds its session again, among any others", async () => {
    const native = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "-", "1"), minLength: 1, maxLength: 11 }),
      fc.constantFrom(
        UUID,
        `${UUID}/agent-a1b2c3d4e5`,
        `${UUID}/agent-a1b2c3d4`,
        "a1111111/agent-a1b2c3d4e6",
        "aaaaaaaa",
        "a/a1111111",
        "agent-a",
      ),
    );
    const id = fc.oneof(
      native,
      native.map((name) => `codex:${name}`),
      native.map((name) => `claude-code:${name}`),
    );
    const usable = id.filter((text) => !text.startsWith("-"));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(usable, { minLength: 1, maxLength: 8 }), async (ids) => {
        const archiver = createArchiver(memoryPorts());
        const names = shortIds(1000);
        for (const one of ids) {
          await archiver.create(one);
          names.add({ id: one, aliases: [] });
        }
        const context = { archiver, signal: new AbortController().signal } as CommandContext;
        for (const one of ids) expect(await namedSession(context, names.shortOf(one))).toBe(one);
      }),
    );
  });
});
