/** Streams of bytes whose reader does with the chunks what it likes. */
import { expect, test } from "vitest";
import { bytesOf, releasing, sliceOf } from "../src/bytes.js";

test("a part of a stream ends where it should, also if its reader transfers the chunks", async () => {
  const parts: number[] = [];
  const three = bytesOf(new Uint8Array(20_000).fill(1), new Uint8Array(20_000).fill(2), new Uint8Array(20_000).fill(3));
  for await (const part of releasing(sliceOf(three, { start: 10, end: 40_001 }))) parts.push(part.length);
  expect(parts).toEqual([19_990, 20_000, 1]);
});
