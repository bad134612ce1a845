import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { generateSession, type SessionKind } from "../src/index.js";

const make = (seed: number, kind: SessionKind, bytes = 2_000_000): Buffer =>
  Buffer.concat([...generateSession({ seed, kind, bytes })]);

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

  test("compresses about as well as real ones do", () => {
    const session = make(3, kind);
    const ratio = session.length / gzipSync(session).length;
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(6);
  });
});
