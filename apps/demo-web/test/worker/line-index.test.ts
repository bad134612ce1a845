import { bytesOf } from "@session-archiver/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Block, Checkpoint } from "../../src/worker/transcript/checkpoints.ts";
import { createLineIndex } from "../../src/worker/transcript/line-index.ts";

const STRIDE = 4;
const content = fc
  .array(fc.constantFrom(10, 10, 65, 66, 13), { maxLength: 300 })
  .map((bytes) => Uint8Array.from(bytes));

function newlinesIn(bytes: Uint8Array, end: number): number {
  return bytes.subarray(0, end).filter((byte) => byte === 10).length;
}

function checkpointAt(bytes: Uint8Array, offset: number): Checkpoint {
  return { offset, line: newlinesIn(bytes, offset) };
}

/** Where each line starts. */
function startsIn(bytes: Uint8Array): readonly number[] {
  return [0, ...[...bytes].flatMap((byte, i) => (byte === 10 ? [i + 1] : []))];
}

const step = fc.oneof(
  fc.record({ type: fc.constant("seek" as const), line: fc.nat(120) }),
  fc.record({ type: fc.constant("block" as const), offset: fc.nat(299) }),
  fc.record({ type: fc.constant("extend" as const), to: fc.nat(300) }),
  fc.record({ type: fc.constant("adopt" as const), cuts: fc.array(fc.nat(300), { maxLength: 6 }) }),
  fc.record({ type: fc.constant("grow" as const) }),
);

test("whatever it is asked, in whatever order, it points where a look at all bytes does", async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.nat(300), fc.array(step, { maxLength: 20 }), async (bytes, anchorAt, steps) => {
      const read = ({ start, end }: Block) => bytesOf(bytes.slice(start, end));
      let size = Math.min(anchorAt, bytes.length);
      const index = createLineIndex(read, checkpointAt(bytes, size), STRIDE);
      for (const each of steps) {
        if (each.type === "extend") {
          size = Math.max(size, Math.min(each.to, bytes.length));
          await index.extendTo(size);
        } else if (each.type === "adopt") {
          const cuts = each.cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
          const end = cuts.at(-1) ?? 0;
          size = Math.max(size, end);
          await index.adopt(
            [...new Set([0, ...cuts])].filter((at) => at < end || at === 0).map((at) => checkpointAt(bytes, at)),
            checkpointAt(bytes, end),
          );
        } else if (each.type === "grow") {
          await index.grow();
        } else if (each.type === "seek") {
          const found = await index.seek(each.line);
          const start = startsIn(bytes.subarray(0, size))[each.line];
          expect(found.line).toBe(newlinesIn(bytes, found.offset));
          if (start !== undefined) expect(found.offset).toBeLessThanOrEqual(start);
        } else if (each.offset < size) {
          const block = await index.blockAt(each.offset);
          expect(block.start).toBeLessThanOrEqual(each.offset);
          expect(block.end).toBeGreaterThan(each.offset);
          expect(block.end).toBeLessThanOrEqual(size);
        }
        expect(index.end).toEqual(checkpointAt(bytes, size));
      }
      while (await index.grow());
      expect(index.isComplete).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("a seek lands near its line, and costs little at either end", async () => {
  const bytes = new TextEncoder().encode("abcdefg\n".repeat(10_000));
  let read = 0;
  const index = createLineIndex(
    ({ start, end }) => {
      read += end - start;
      return bytesOf(bytes.slice(start, end));
    },
    checkpointAt(bytes, bytes.length),
    64,
  );
  for (const line of [0, 1, 9_999, 9_990, 20, 9_900]) {
    const found = await index.seek(line);
    expect(line * 8 - found.offset).toBeLessThanOrEqual(64);
  }
  expect(read).toBeLessThan(3000);
  await index.adopt([{ offset: 0, line: 0 }], { offset: 80, line: 10 });
  for (const offset of [79, 80, 40_000, 79_999]) {
    const { start, end } = await index.blockAt(offset);
    expect(end - start).toBeLessThanOrEqual(128);
  }
});

test("a wrong count is set right once the bytes have been counted", async () => {
  const bytes = new TextEncoder().encode("a\n".repeat(50));
  for (const wrong of [-7, 7]) {
    const index = createLineIndex(
      ({ start, end }) => bytesOf(bytes.slice(start, end)),
      { offset: 100, line: 50 + wrong },
      STRIDE,
    );
    while (await index.grow());
    expect(index.end).toEqual({ offset: 100, line: 50 });
    expect((await index.seek(50)).line).toBeLessThanOrEqual(50);
  }
});
