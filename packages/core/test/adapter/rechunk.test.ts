/** Streams as rows of one size. */
import { expect, test } from "vitest";
import { rechunk } from "../../src/adapter.js";
import type { Bytes } from "../../src/index.js";
import { streamOf } from "./support.js";

const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => n % 251);

async function* cut(bytes: Uint8Array, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test.each([0, 1, 99, 100, 101, 250, 300])("%i bytes come in rows of 100, whatever the chunks", async (length) => {
  const bytes = numbered(length);
  for (const size of [1, 7, 33, 100, 150, 1000]) {
    const rows = await Array.fromAsync(rechunk(cut(bytes, size), 100));
    const full = Math.floor(length / 100);
    const rest = length % 100;
    expect(rows.map((row) => row.length)).toEqual([...Array(full).fill(100), ...(rest > 0 ? [rest] : [])]);
    expect(rows.flatMap((row) => [...row])).toEqual([...bytes]);
  }
});

test("rows larger than what is set aside at first are whole", async () => {
  const bytes = numbered(300_000);
  for (const size of [1000, 16_384, 40_000, 300_000]) {
    const rows = await Array.fromAsync(rechunk(cut(bytes, size), 128 * 1024));
    expect(rows.map((row) => row.length)).toEqual([131_072, 131_072, 37_856]);
    expect(Buffer.concat(rows).equals(bytes)).toBe(true);
  }
});

test("a row has a buffer of its own and of its size, also where the chunk's slice shares its buffer", async () => {
  // A Buffer's `slice` is a view of it.
  const chunk = Buffer.alloc(1000, 1).subarray(100, 360);
  const rows: Uint8Array[] = [];
  for await (const row of rechunk(streamOf<Uint8Array>(chunk, chunk), 100)) {
    expect(row.buffer.byteLength).toBe(row.length);
    chunk.fill(chunk[0] === 1 ? 2 : 1);
    rows.push(row);
  }
  chunk.fill(9);
  expect(new Set(rows.flatMap((row) => [...row]))).toEqual(new Set([1, 2]));
});

test("empty chunks are nothing, and one chunk is asked for at a time", async () => {
  const none = new Uint8Array(0);
  const rows = await Array.fromAsync(rechunk(streamOf(none, Uint8Array.of(1), none, Uint8Array.of(2), none), 2));
  expect(rows).toEqual([Uint8Array.of(1, 2)]);
  let pulled = 0;
  async function* counted(): Bytes {
    for (; pulled < 9; pulled++) yield Uint8Array.of(pulled);
  }
  await rechunk(counted(), 2).next();
  expect(pulled).toBe(1);
});
