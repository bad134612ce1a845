import { gzipSync } from "node:zlib";
import { type Block, type FactValues, parseLine, transcriptDescriber } from "@session-archiver/transcripts";
import { describe, expect, test } from "vitest";
import { generateSession, type SessionKind } from "../src/sessions/index.js";

const make = (seed: number, kind: SessionKind, bytes = 2_000_000): Buffer =>
  Buffer.concat([...generateSession({ seed, kind, bytes })]);

const isOdd = ({ type }: Block): boolean => type === "json" || type === "raw";

/** In two parts. The second starts where the first has ended. */
function described(bytes: Buffer, cut = bytes.length): FactValues {
  const { by, version, open } = transcriptDescriber();
  const first = open();
  first.add(bytes.subarray(0, cut));
  const second = open({ by, version, values: first.values() });
  second.add(bytes.subarray(cut));
  return second.values();
}

describe.each(["claude-code", "codex"] as const)("a generated %s session", (kind) => {
  test("is as large as asked, JSON line by line, and the same for the same seed", () => {
    const session = make(1, kind);
    expect(session.length).toBeGreaterThanOrEqual(2_000_000);
    expect(session.length).toBeLessThan(2_050_000);
    const lines = session
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const times = lines.flatMap(({ timestamp }) => (timestamp ? [Date.parse(timestamp)] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(make(1, kind).equals(session)).toBe(true);
    expect(make(2, kind).equals(session)).toBe(false);
  });

  test("is recognised as its agent's, has messages and token counts, and no flawed lines", () => {
    const { agent, id, cwd, messages, usage } = described(make(4, kind));
    expect({ agent, id, cwd }).toEqual({
      agent: kind,
      id: expect.stringMatching(`^${kind}:[0-9a-f-]{36}$`),
      cwd: "/home/dev/project",
    });
    expect(messages).toEqual({ user: expect.any(Number), assistant: expect.any(Number) });
    expect(usage).toMatchObject({ output: expect.any(Number), cacheRead: expect.any(Number) });
    const odd = make(4, kind, 200_000)
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => parseLine(line, kind))
      .filter(({ entries, flaw }) => flaw !== null || entries.some(({ blocks }) => blocks.some(isOdd)));
    expect(odd).toEqual([]);
  });

  test("gives the same in parts", () => {
    const session = make(5, kind, 300_000);
    const whole = described(session);
    for (let cut = 1; cut < session.length; cut += 4999)
      expect(described(session, cut), `cut at ${cut}`).toEqual(whole);
  });

  test("compresses about as well as real ones do", () => {
    const session = make(3, kind);
    const ratio = session.length / gzipSync(session).length;
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(6);
  });
});
