import fc from "fast-check";
import { expect, test } from "vitest";
import { describer } from "../src/describe.js";
import { lineReader } from "../src/lines/line-reader.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string, cuts: readonly number[], longest?: number): readonly string[] {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(new TextDecoder().decode(line)), longest);
  const bytes = utf8(text);
  const places = [0, ...[...cuts].sort((a, b) => a - b).filter((at) => at < bytes.length), bytes.length];
  for (const [i, at] of places.slice(1).entries()) {
    const chunk = bytes.slice(places[i], at);
    reader.add(chunk);
    chunk.fill(0xff); // the producer may reuse it
  }
  reader.end();
  return lines;
}

test("returns the lines that aren't empty, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat(200)), (parts, cuts) => {
      const text = parts.join("\n");
      expect(read(text, cuts)).toEqual(text.split("\n").filter((line) => line !== ""));
    }),
  );
});

test("skips lines that are too long, and goes on after them", () => {
  const text = `${"x".repeat(11)}\n${"y".repeat(10)}\n${"z".repeat(30)}\nend`;
  for (const cuts of [[], [5], [12, 20, 30, 40]]) expect(read(text, cuts, 10)).toEqual(["y".repeat(10), "end"]);
});

test("a description takes the first line that names an agent for certain, and prefers words to a command", () => {
  const found = describer();
  const user = (content: string): string => JSON.stringify({ type: "user", message: { role: "user", content } });
  found.add("no JSON");
  found.add(user("<command-name>/clear</command-name>"));
  expect([found.kind, found.title]).toEqual(["claude-code", "/clear"]);
  found.add(JSON.stringify({ type: "response_item", payload: { type: "message", role: "user", content: "Help me" } }));
  expect([found.kind, found.title]).toEqual(["codex", "Help me"]);
});
