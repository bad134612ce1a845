import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeJson } from "../src/lines/complete-json.js";

const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });

/** Whether `part` is a beginning of `whole`: of its text, its list, or its object's keys. */
function isBeginning(part: unknown, whole: unknown): boolean {
  if (typeof part === "string" && typeof whole === "string") return whole.startsWith(part);
  if (Array.isArray(part) && Array.isArray(whole)) {
    return part.length <= whole.length && part.every((item, i) => isBeginning(item, whole[i]));
  }
  if (part && whole && typeof part === "object" && typeof whole === "object") {
    return Object.entries(part).every(([key, value]) => isBeginning(value, (whole as Record<string, unknown>)[key]));
  }
  // A number may have lost its last digits.
  return typeof part === typeof whole && (typeof part === "number" || part === whole);
}

describe("completeJson", () => {
  test("of any beginning of an object, has only values of that object", () => {
    fc.assert(
      fc.property(record, fc.nat(), (value, end) => {
        const text = JSON.stringify(value);
        const completed = completeJson(text.slice(0, end % text.length));
        if (completed !== undefined) expect(isBeginning(completed, JSON.parse(text))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("keeps all of a long text that was cut", () => {
    const record = (length: number) => ({ message: { content: [{ type: "text", text: "x".repeat(length) }] } });
    const closing = '"}]}}'.length;
    const text = JSON.stringify(record(1000));
    expect(completeJson(text.slice(0, -closing))).toEqual(record(1000));
    expect(completeJson(text.slice(0, -closing - 500))).toEqual(record(500));
  });

  test.each([
    ['{"a":"b\\', { a: "b" }],
    ['{"a":"b\\u00', { a: "b" }],
    ['{"a":1,"key', { a: 1 }],
    ['{"a":1,"key":', { a: 1 }],
    ['{"a":[1,{"b":"c', { a: [1, { b: "c" }] }],
    ['{"a":"b\ud83d', { a: "b" }],
    ["{", {}],
    ['{"a', undefined],
    ["[1", undefined],
    ["words", undefined],
    ["", undefined],
  ])("%j", (text, expected) => expect(completeJson(text)).toEqual(expected));
});
