/** Marks of an output's lines: right wherever they are, few, and none that can't be right. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import type { Meta } from "../../src/index.js";
import { newlinesIn } from "../../src/jsonl.js";
import { notedPlaces } from "../../src/read/places.js";
import { countIn, withCount } from "../../src/session/line-count.js";
import { outputCounter } from "../../src/session/output-counter.js";

const MIB = 1024 * 1024;

/** Lines of this many bytes. */
function output(size: number, line: number): Uint8Array {
  const bytes = new Uint8Array(size).fill(120);
  for (let end = line - 1; end < size; end += line) bytes[end] = 10;
  return bytes;
}

test("are right in every output, however it is cut, and after each new start", () => {
  const size = fc.integer({ min: 0, max: 5 * MIB });
  fc.assert(
    fc.property(size, fc.array(size, { maxLength: 4 }), fc.integer({ min: 100, max: 3 * MIB }), (end, cuts, line) => {
      const bytes = output(end, line);
      const ends = [...cuts.filter((cut) => cut < end), end].sort((a, b) => a - b);
      let meta: Meta = {};
      let at = 0;
      for (const to of ends) {
        const counter = outputCounter(countIn(meta));
        counter.add(bytes.subarray(at, to));
        at = to;
        meta = JSON.parse(JSON.stringify(withCount(meta, counter)));
      }
      const places = notedPlaces(countIn(meta));
      expect(places.map(({ offset }) => offset)).toEqual([
        ...new Set([...Array.from({ length: Math.floor(end / MIB) }, (_, i) => (i + 1) * MIB), end]),
      ]);
      for (const place of places) expect(place.line).toBe(newlinesIn(bytes.subarray(0, place.offset)));
    }),
    { numRuns: 20 },
  );
});

test("are at most 256, at a distance that grows with the output; unknown ones are left out", () => {
  const chunk = output(MIB, 64 * 1024);
  const lines = 16;
  for (const [mib, known, every] of [
    [256, 0, 1],
    [257, 0, 2],
    [600, 0, 4],
    [600, 100, 4],
  ] as const) {
    const counter = outputCounter({
      bytes: known * MIB,
      lines: known * lines,
      newlines: known * lines,
      openLine: false,
    });
    for (let i = known; i < mib; i++) counter.add(chunk);
    expect(counter.marks?.every).toBe(every * MIB);
    const meta = withCount({}, counter);
    expect(JSON.stringify(meta).length).toBeLessThan(2600);
    const places = notedPlaces(countIn(meta));
    const first = Math.ceil((known + 1) / every) * every;
    expect(places[0]).toEqual({ offset: first * MIB, line: first * lines, isNoted: true });
    expect(places.length).toBeGreaterThan((mib - known) / every - 1);
    for (const { offset, line } of places) expect(line).toBe(offset / 64 / 1024);
  }
});

describe("in metadata", () => {
  const count = { bytes: 3 * MIB, newlines: 9, openLine: false };
  const marked = (stored: unknown): unknown =>
    countIn({ [KEY.lineCount]: 9, [KEY.countedTo]: { ...count, ...(stored as object) } })?.marks;

  test("count if they can be right", () => {
    expect(marked({ every: MIB, marks: [0, null, 9] })).toEqual({ every: MIB, newlines: [0, null, 9] });
    expect(marked({})).toBeUndefined();
  });

  test.each([
    { every: 1, marks: [1] },
    { every: MIB, marks: [5, 4] },
    { every: MIB, marks: [5, 10] },
    { every: MIB, marks: [1, 2, 3, 4] },
    { every: MIB, marks: [-1] },
    { every: MIB, marks: [0.5] },
    { every: MIB, marks: ["1"] },
    { every: MIB, marks: { length: 1 } },
    { every: null, marks: [1] },
    { every: 2 ** 60, marks: [1] },
  ])("are left out if not: %j", (stored) => {
    expect(marked(stored)).toBeUndefined();
  });

  test("that a shorter count leaves behind are not kept", () => {
    const marks = { every: MIB, newlines: [1, 2, 3] };
    const meta = withCount({}, { bytes: 2 * MIB + 5, lines: 2, newlines: 2, openLine: false, marks });
    expect(countIn(meta)?.marks).toEqual({ every: MIB, newlines: [1, 2] });
  });
});
