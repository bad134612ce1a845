/** Where lines start: found by as few bytes as may be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Checkpoint, START } from "../../../src/read/line-index/checkpoints.js";
import { lineIndex } from "../../../src/read/line-index/line-index.js";
import { runs } from "../../fuzz.js";
import { encode } from "../../support.js";

const content = fc
  .array(fc.constantFrom(10, 10, 65, 66, 13), { maxLength: 300 })
  .map((bytes) => Uint8Array.from(bytes));

const step = fc.oneof(
  fc.record({ type: fc.constant("seek" as const), line: fc.nat(120), size: fc.nat(300) }),
  fc.record({ type: fc.constant("extend" as const), to: fc.nat(300) }),
  fc.record({ type: fc.constant("grow" as const) }),
);

function newlinesIn(bytes: Uint8Array, end: number): number {
  return bytes.subarray(0, end).filter((byte) => byte === 10).length;
}

function checkpointAt(bytes: Uint8Array, offset: number): Checkpoint {
  return { offset, line: newlinesIn(bytes, offset) };
}

const STRIDE = 4;

/** Places that are known from the start, noted in the metadata or certain. */
const known = fc.array(fc.record({ offset: fc.nat(300), isNoted: fc.boolean() }), { maxLength: 6 });

function knownOf(
  bytes: Uint8Array,
  places: readonly { readonly offset: number; readonly isNoted: boolean }[],
): Checkpoint[] {
  const inside = places
    .filter(({ offset }) => offset > 0 && offset <= bytes.length)
    .sort((a, b) => a.offset - b.offset);
  const distinct = inside.filter(({ offset }, i) => offset !== inside[i - 1]?.offset);
  return [START, ...distinct.map(({ offset, isNoted }) => ({ ...checkpointAt(bytes, offset), isNoted }))];
}

function noted(place: Checkpoint): Checkpoint[] {
  return [START, { ...place, isNoted: true }];
}

/** Where each line starts. */
function startsIn(bytes: Uint8Array): readonly number[] {
  return [0, ...[...bytes].flatMap((byte, i) => (byte === 10 ? [i + 1] : []))];
}

test("whatever it is asked, in whatever order, it points where a look at all bytes does", async () => {
  await fc.assert(
    fc.asyncProperty(content, known, fc.array(step, { maxLength: 20 }), async (bytes, places, steps) => {
      const read = async (start: number, end: number) => bytes.slice(start, end);
      const list = knownOf(bytes, places);
      let size = list.at(-1)?.offset ?? 0;
      const index = lineIndex(read, list, STRIDE);
      for (const each of steps) {
        if (each.type === "extend") {
          size = Math.max(size, Math.min(each.to, bytes.length));
          await index.extendTo(size);
          expect(index.end.offset).toBe(size);
        } else if (each.type === "grow") {
          await index.grow(size);
        } else {
          size = Math.max(size, Math.min(each.size, bytes.length));
          const found = await index.seek(each.line, size);
          const start = startsIn(bytes.subarray(0, size))[each.line];
          expect(found.line).toBe(newlinesIn(bytes, found.offset));
          if (start !== undefined) expect(found.offset).toBeLessThanOrEqual(start);
        }
        expect(index.end).toMatchObject(checkpointAt(bytes, index.end.offset));
        expect(index.end.offset).toBeLessThanOrEqual(size);
      }
      while (await index.grow(bytes.length));
      expect(index.end).toMatchObject(checkpointAt(bytes, bytes.length));
      for (const [line, start] of startsIn(bytes).entries()) {
        const { offset } = await index.seek(line, bytes.length);
        expect(offset).toBeLessThanOrEqual(start);
      }
    }),
    runs(400),
  );
});

test("a seek lands near its line, and costs little at either end", async () => {
  const bytes = encode("abcdefg\n".repeat(10_000));
  let read = 0;
  const counting = async (start: number, end: number): Promise<Uint8Array> => {
    read += end - start;
    return bytes.slice(start, end);
  };
  const index = lineIndex(counting, noted(checkpointAt(bytes, bytes.length)), 64);
  for (const line of [0, 1, 9_999, 9_990, 20, 9_900]) {
    const found = await index.seek(line, bytes.length);
    expect(line * 8 - found.offset).toBeLessThanOrEqual(64);
  }
  expect(read).toBeLessThan(3000);
});

test("without an anchor it counts no further than it has to", async () => {
  const bytes = encode("abcdefg\n".repeat(10_000));
  let read = 0;
  const counting = async (start: number, end: number): Promise<Uint8Array> => {
    read += end - start;
    return bytes.slice(start, end);
  };
  const index = lineIndex(counting, [], 64);
  await index.seek(0, bytes.length);
  expect(read).toBe(0);
  expect(320 - (await index.seek(40, bytes.length)).offset).toBeLessThanOrEqual(64);
  expect(read).toBeLessThan(1000);
});

test("known lines are not read again", async () => {
  const bytes = encode("abcdefg\n".repeat(1000));
  let read = 0;
  const counting = async (start: number, end: number): Promise<Uint8Array> => {
    read += end - start;
    return bytes.slice(start, end);
  };
  const index = lineIndex(counting, noted(checkpointAt(bytes, 4000)), 64);
  while (await index.grow(bytes.length));
  expect(read).toBe(bytes.length);
  for (const line of [0, 500, 999]) {
    expect(line * 8 - (await index.seek(line, bytes.length)).offset).toBeLessThanOrEqual(64);
  }
  expect(read).toBe(bytes.length);
});

test("a wrong count is set right once the bytes have been counted", async () => {
  const bytes = encode("a\n".repeat(50));
  for (const wrong of [-7, 7]) {
    const read = async (start: number, end: number) => bytes.slice(start, end);
    const index = lineIndex(read, noted({ offset: 100, line: 50 + wrong }), STRIDE);
    while (await index.grow(100));
    expect(index.end).toMatchObject({ offset: 100, line: 50 });
    expect((await index.seek(50, 100)).line).toBeLessThanOrEqual(50);
  }
});

test("calls that overlap take turns", async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.nat(300), fc.scheduler(), async (bytes, anchorAt, scheduler) => {
      const read = (start: number, end: number) => scheduler.schedule(Promise.resolve(bytes.slice(start, end)));
      const offset = Math.min(anchorAt, bytes.length);
      const index = lineIndex(read, offset === 0 ? [] : noted(checkpointAt(bytes, offset)), STRIDE);
      const lines = startsIn(bytes).map((_, line) => line);
      const all = Promise.all([
        ...lines.map((line) => index.seek(line, bytes.length)),
        index.extendTo(bytes.length),
        index.grow(bytes.length),
      ]);
      const found = await scheduler.waitFor(all);
      for (const checkpoint of found.slice(0, lines.length) as Checkpoint[]) {
        expect(checkpoint).toMatchObject(checkpointAt(bytes, checkpoint.offset));
      }
      expect(index.end).toMatchObject(checkpointAt(bytes, bytes.length));
    }),
  );
});
