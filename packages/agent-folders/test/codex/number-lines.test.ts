import fc from "fast-check";
import { expect, test } from "vitest";
import { lineNumberer } from "../../src/codex/number-lines.js";
import { message } from "../support/mixed.js";

test("whatever lines there are: ordinals run on, and without them the bytes are the same", () => {
  const line = fc.oneof(
    fc.constantFrom("\n", "torn {\n", '{"ordinal":"x"}\n', "[1]\n", "\r\n"),
    fc.record({ type: fc.string(), payload: fc.jsonValue() }).map((value) => `${JSON.stringify(value)}\n`),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.array(line), (first, lines) => {
      const numbered = lineNumberer("rollout.jsonl");
      expect(numbered(message("first", first)).wasChanged).toBe(false);
      let next = first + 1;
      for (const each of lines) {
        const { line, wasChanged } = numbered(each);
        if (!wasChanged) expect(line).toBe(each);
        else {
          expect(JSON.parse(line)).toEqual({ ...JSON.parse(each), ordinal: next });
          expect(line.replace(/"ordinal":\d+,?/, "")).toBe(each);
          next++;
        }
      }
    }),
  );
});
