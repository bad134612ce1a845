import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, cpuMsOf, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { beforeAll, describe, expect, test } from "vitest";
import type { Block, ParsedLine } from "../src/entry.js";
import { parseJson } from "../src/json.js";
import type { TranscriptKind } from "../src/kind.js";
import { parseLine } from "../src/lines/parse-line.js";
import { blocksOf, wordsOf } from "./support/blocks.js";

interface Line {
  readonly at: string;
  readonly text: string;
  readonly value: unknown;
  readonly kind: TranscriptKind;
  readonly parsed: ParsedLine;
}

const kindOf = (path: string): TranscriptKind =>
  path.includes("codex") && !path.startsWith("other") ? "codex" : path.startsWith("other") ? "other" : "claude-code";

const plain = (value: unknown): string => (typeof value === "string" ? value : "");
/** What a message says, as far as it stands in no tags. */
function said(value: unknown): readonly string[] {
  const line = value as { message?: { content?: unknown }; payload?: { type?: unknown; content?: unknown } };
  const content = line?.message?.content ?? (line?.payload?.type === "message" ? line.payload.content : undefined);
  const parts = Array.isArray(content) ? content.map((part) => plain(part?.text)) : [plain(content)];
  return parts.filter((text) => text.trim() !== "" && !/<[a-z]/i.test(text));
}

describe.skipIf(!hasCorpus)(hasCorpus ? "the corpus" : NO_CORPUS, () => {
  const lines: Line[] = [];

  beforeAll(async () => {
    for (const path of await corpusFiles()) {
      const kind = kindOf(path);
      for (const [i, text] of (await readFile(join(CORPUS, path), "utf8")).split("\n").entries()) {
        lines.push({ at: `${path}:${i + 1}`, text, value: parseJson(text), kind, parsed: parseLine(text, kind) });
      }
    }
  });

  test("is there", () => expect(lines.length).toBeGreaterThan(10_000));

  test("every line gives something to show", () => {
    const empty = lines.filter(({ parsed }) => parsed.entries.length === 0 || blocksOf(parsed).length === 0);
    expect(empty.map(({ at }) => at)).toEqual([]);
  });

  test("every line that is JSON is read without a flaw, and no other is", () => {
    const wrong = lines.filter(({ value, parsed }) => (value === undefined) !== (parsed.flaw !== null));
    // A byte order mark isn't JSON, but no flaw of the line.
    expect(wrong.filter(({ text }) => !text.startsWith("\uFEFF")).map(({ at }) => at)).toEqual([]);
    expect(lines.filter(({ parsed }) => parsed.flaw === "unreadable").map(({ at }) => at)).toEqual([]);
  });

  test("whatever was said is there to be read", () => {
    const lost = lines.filter(({ value, parsed }) => {
      const words = blocksOf(parsed).map(wordsOf).join("\n");
      return said(value).some((text) => !words.includes(text.trim()));
    });
    expect(lines.filter(({ value }) => said(value).length > 0).length).toBeGreaterThan(500);
    expect(lost.map(({ at }) => at)).toEqual([]);
  });

  test("every call of a tool has its name, and its result finds it", () => {
    const calls = new Set<string>();
    const results: Line[] = [];
    for (const line of lines.filter(
      ({ at }) => at.startsWith("claude-code/entireio") || at.startsWith("codex/entireio"),
    )) {
      for (const block of blocksOf(line.parsed)) {
        if (block.type === "call") expect(block.name, line.at).not.toBe("Tool");
        if (block.type === "call" && block.id !== null) calls.add(block.id);
        if (block.type === "result") results.push(line);
      }
    }
    const orphans = results.filter(({ parsed }) =>
      blocksOf(parsed).some((block) => block.type === "result" && !calls.has(block.callId ?? "")),
    );
    expect(results.length).toBeGreaterThan(1500);
    expect(orphans.map(({ at }) => at)).toEqual([]);
  });

  test("lines of Claude Code and Codex are known, but for what isn't theirs", () => {
    const isUnknown = (block: Block): boolean => block.type === "json";
    const unknown = lines.filter(
      ({ at, value, parsed }) =>
        /^(claude-code|codex)\//.test(at) &&
        typeof (value as { type?: unknown })?.type === "string" &&
        blocksOf(parsed).some(isUnknown),
    );
    // A block of a message that names a switch of models.
    expect(
      unknown.map(({ text }) => text.includes('"type":"fallback"') || text.includes('"type": "fallback"')),
    ).toEqual(unknown.map(() => true));
  });

  test("parsing is quick", () => {
    const longest = lines.reduce((a, b) => (b.text.length > a.text.length ? b : a));
    expect(longest.text.length).toBeGreaterThan(1_000_000);
    const took = cpuMsOf(() => parseLine(longest.text, longest.kind));
    // A generous bound: quadratic work on a line of 1.2 MB would take minutes.
    expect(took).toBeLessThan(3000);
  });
});
