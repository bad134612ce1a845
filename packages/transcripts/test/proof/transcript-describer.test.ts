/** Facts that are gathered in one pass, or in several, each from the state of the one before. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identify } from "../../src/identify.js";
import { LONGEST_LINE } from "../../src/lines/line-reader.js";
import { type KnownFacts, LONGEST_TAIL, transcriptDescriber } from "../../src/transcript-describer.js";
import type { FactValues } from "../../src/values.js";
import { RECORDS } from "../support/records.js";
import { SESSIONS } from "../support/sessions.js";

const { by, version, open } = transcriptDescriber();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonl = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

/** The state as a store keeps it. */
const kept = (values: FactValues): KnownFacts => ({ by, version, values: JSON.parse(JSON.stringify(values)) });

/** Describes the bytes in parts that end at `cuts`, each from the state after the part before, in chunks of `chunkBytes`. */
function described(bytes: Uint8Array, cuts: readonly number[] = [], chunkBytes = 64 * 1024): FactValues {
  const ends = [...cuts.filter((cut) => cut > 0 && cut < bytes.length)].sort((a, b) => a - b);
  let known: KnownFacts | undefined;
  let at = 0;
  for (const end of [...ends, bytes.length]) {
    const description = open(known);
    for (; at < end; at = Math.min(end, at + chunkBytes)) {
      const chunk = bytes.slice(at, Math.min(end, at + chunkBytes));
      description.add(chunk);
      chunk.fill(0xff); // the producer may reuse it
    }
    known = kept(description.values());
  }
  return known?.values ?? {};
}

const withoutState = ({ state: _, ...shown }: FactValues): FactValues => shown;

describe.each(SESSIONS)("$kind", ({ lines, kind, nativeId: _, nativeParent: __, ...expected }) => {
  const bytes = utf8(jsonl(lines));

  test("has the facts of its lines", () => {
    expect(withoutState(described(bytes))).toEqual({ agent: kind, ...JSON.parse(JSON.stringify(expected)) });
  });

  test("cut at any byte, has the same facts", () => {
    const whole = described(bytes);
    for (let cut = 1; cut < bytes.length; cut++) expect(described(bytes, [cut]), `cut at ${cut}`).toEqual(whole);
  });
});

describe("the state after an earlier part", () => {
  const usage = (output_tokens: number): object => ({ input_tokens: 1, output_tokens });
  const answer = (id: string, text: string, output: number): object => ({
    type: "assistant",
    sessionId: "s",
    uuid: "u",
    message: { id, role: "assistant", model: `m-${id}`, content: [{ type: "text", text }], usage: usage(output) },
  });
  const ask = (content: string): object => ({
    type: "user",
    sessionId: "s",
    uuid: "u",
    cwd: `/${content}`,
    message: { role: "user", content },
  });
  const parts = (...lines: readonly (readonly object[])[]): FactValues =>
    lines.reduce<KnownFacts | undefined>((known, part) => {
      const description = open(known);
      description.add(utf8(jsonl(part)));
      return kept(description.values());
    }, undefined)?.values ?? {};

  test("an answer in both parts is one, with the tokens that were reported last", () => {
    expect(parts([ask("one"), answer("a", "Hm", 5)], [answer("a", "So", 9), answer("b", "Yes", 2)])).toMatchObject({
      messages: { user: 1, assistant: 2 },
      usage: { input: 2, output: 11 },
      models: ["m-a", "m-b"],
      cwd: "/one",
      title: "one",
    });
  });

  test("a later name replaces an earlier one, and words replace a command", () => {
    const named = (customTitle: string): object => ({ type: "custom-title", customTitle, sessionId: "s" });
    expect(parts([ask("one")], [named("A")], [ask("two")], [named("B")], [ask("x")])).toMatchObject({ title: "B" });
    expect(parts([ask("<command-name>/init</command-name>")], [ask("two")])).toMatchObject({ title: "two" });
    expect(parts([ask("one")], [ask("two")])).toMatchObject({ title: "one" });
  });

  test("a running total replaces the one before", () => {
    const count = (input_tokens: number): object => ({
      type: "event_msg",
      payload: { type: "token_count", info: { total_token_usage: { input_tokens, output_tokens: 1 } } },
    });
    expect(parts([count(5)], [count(9)], [])).toMatchObject({ usage: { input: 9, output: 1 } });
  });

  test("the possible agents stay the same until one is certain", () => {
    const bare = { type: "user", message: { role: "user", content: "one" } };
    expect(parts([bare], [])).toMatchObject({ agent: "claude-code", title: "one" });
    expect(parts([{ a: 1 }, bare], [{ b: 2 }])).toMatchObject({ agent: "claude-code", title: "one" });
    expect(parts([bare], [{ type: "event_msg", payload: {} }])).toMatchObject({ agent: "codex" });
    expect(parts([ask("one")], [{ type: "event_msg", payload: {} }])).toMatchObject({ agent: "claude-code" });
  });

  test("of another describer or version is ignored", () => {
    const [values, anew] = [parts([ask("one")]), parts([ask("two")])];
    for (const known of [
      { by: "others", version, values },
      { by, version: version + 1, values },
    ]) {
      const description = open(known);
      description.add(utf8(jsonl([ask("two")])));
      expect(description.values()).toEqual(anew);
    }
  });

  test("may be any value", () => {
    const tally = { messages: 3, steps: [[1], ["a", 1, "x"], 7], models: [1], usage: [], titleFrom: "__proto__" };
    const state = fc.oneof(
      fc.jsonValue(),
      fc.record({
        sure: fc.constantFrom("nobody", "codex", 7),
        likely: fc.constantFrom("kimi", null),
        tallies: fc.oneof(fc.jsonValue(), fc.constant({ codex: tally, x: tally, kimi: null, other: [] })),
        tail: fc.oneof(fc.string(), fc.integer()),
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), state, (values, found) => {
        const description = open({ by, version, values: { ...values, state: found } as FactValues });
        description.add(utf8(`\n${jsonl([ask("two")])}`));
        const { agent, messages, models } = description.values();
        expect(agent).toEqual(expect.any(String));
        expect(messages).toEqual({ user: expect.any(Number), assistant: expect.any(Number) });
        expect(models).toEqual(expect.any(Array));
      }),
    );
  });

  test("a parent is found, of a part of a session and of a session that continues another", () => {
    const meta = (id: string, more: object): object => ({ type: "session_meta", payload: { id, ...more } });
    const sub = { ...ask("x"), isSidechain: true, agentId: "a1" };
    expect(parts([sub], [sub])).toMatchObject({ id: "claude-code:s/agent-a1", parent: "claude-code:s" });
    expect(parts([meta("b", { forked_from_id: "a" })], [])).toMatchObject({ id: "codex:b", parent: "codex:a" });
    // The facts in a fork's copy of its parent's header are the parent's.
    expect(parts([meta("b", {})], [meta("a", { forked_from_id: "z" })])).not.toHaveProperty("parent");
  });

  test("stays small for any lines", () => {
    const long = "x".repeat(100_000);
    const lines = Array.from({ length: 300 }, (_, i) => ({
      ...answer(`${i}`, "Hm", 1),
      cwd: long,
      customTitle: long,
      gitBranch: long,
      version: long,
      sessionId: `s${long}`,
    }));
    expect(JSON.stringify(parts(lines)).length).toBeLessThan(2500);
  });
});

test("a line over the limit is skipped, also if it is cut", () => {
  const line = (text: string): string =>
    `${JSON.stringify({ type: "user", sessionId: "s", uuid: "u", message: { role: "user", content: text } })}\n`;
  const bytes = utf8(line("x".repeat(LONGEST_LINE)) + line("two"));
  for (const cuts of [[], [LONGEST_LINE + 50], [1000], [LONGEST_LINE / 2]]) {
    expect(described(bytes, cuts)).toMatchObject({ title: "two", messages: { user: 1 } });
  }
});

test("a long line that breaks off still gives its facts, and hides nothing of the complete one after it", () => {
  const record = (text: string): string =>
    JSON.stringify({ type: "user", sessionId: "s", uuid: text, message: { role: "user", content: text } });
  const torn = record("x".repeat(100_000)).slice(0, 50_000);
  const bytes = utf8(`${torn}${record("two")}\n`);
  const whole = described(bytes);
  expect(whole).toMatchObject({ messages: { user: 1 }, title: "two", id: "claude-code:s" });
  expect(described(bytes, [50_000])).toEqual(whole);
});

describe("any lines, cut anywhere", () => {
  const id = fc.constantFrom("a", "b", "c", "d");
  const count = fc.nat(1000);
  const claude = fc.record(
    {
      type: fc.constantFrom("user", "assistant"),
      sessionId: id,
      isSidechain: fc.boolean(),
      agentId: id,
      cwd: id,
      customTitle: id,
      message: fc.record(
        {
          id,
          role: id,
          model: id,
          content: fc.constantFrom("words", "ünï 😀", "<command-name>/x</command-name>", [{ type: "text", text: "t" }]),
          usage: fc.record({ input_tokens: count, output_tokens: count }),
        },
        { requiredKeys: ["content"] },
      ),
    },
    { requiredKeys: ["type", "message"] },
  );
  const codex = fc.record({
    type: fc.constantFrom("session_meta", "turn_context", "event_msg"),
    payload: fc.record({
      id,
      cwd: id,
      model: id,
      info: fc.record({ total_token_usage: fc.record({ input_tokens: count, output_tokens: count }) }),
    }),
  });
  const sample = fc.constantFrom(...RECORDS.map(({ make }) => make("wörds")));
  const part = fc.oneof(
    { weight: 5, arbitrary: claude.map((line) => JSON.stringify(line)) },
    codex.map((line) => JSON.stringify(line)),
    sample,
    fc.constantFrom("", "no JSON", '{"a":1}', '{"role":"user","content":"of nobody"}', "\uFEFF", "\0\0"),
  );
  const file = fc
    .array(fc.tuple(part, fc.constantFrom("\n", "\n", "\n", "\r\n", "")), { maxLength: 12 })
    .map((lines) => utf8(lines.flat().join("")));

  test("have the same facts as in one piece", () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.nat(999), { maxLength: 4 }),
        fc.integer({ min: 1, max: 300 }),
        (bytes, cuts, size) => {
          const places = cuts.map((cut) => Math.floor((cut / 1000) * bytes.length));
          expect(described(bytes, places, size)).toEqual(described(bytes));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe.skipIf(!hasCorpus)(hasCorpus ? "the corpus" : NO_CORPUS, () => {
  test("each file in parts has the same facts as in one piece", async () => {
    const wrong: string[] = [];
    let parts = 0;
    for (const [i, path] of (await corpusFiles()).entries()) {
      const bytes = new Uint8Array(await readFile(join(CORPUS, path)));
      const values = described(bytes);
      const whole = JSON.stringify(values);
      const { kind, nativeId: _, nativeParent: __, ...facts } = identify(new TextDecoder().decode(bytes).split("\n"));
      expect(withoutState(values), path).toEqual({ agent: kind, ...JSON.parse(JSON.stringify(facts)) });
      const lineEnds = [0.2, 0.5, 0.9].map((share) => bytes.indexOf(10, Math.floor(bytes.length * share)) + 1);
      const within = [0.31, 0.62].map((share) => Math.floor(bytes.length * share) + i);
      const isShort = (cut: number): boolean => bytes.indexOf(10, cut) - bytes.lastIndexOf(10, cut - 1) < LONGEST_TAIL;
      for (const cuts of [lineEnds, within.filter(isShort)]) {
        parts += cuts.length;
        if (JSON.stringify(described(bytes, cuts)) !== whole) wrong.push(`${path} at ${cuts.join()}`);
      }
    }
    expect(parts).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });
});
