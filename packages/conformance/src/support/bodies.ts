/** Bodies to write: ordinary ones, ones that observe the store, and ones that test its limits. */
import type { Bytes } from "@session-archiver/core/adapter";

/** In chunks of `size` bytes. */
export async function* pieces(bytes: Uint8Array, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** Lets other calls run before each chunk, so that two such bodies interleave. */
export async function* slow(bytes: Uint8Array, size: number, pause: () => Promise<unknown>): Bytes {
  for await (const piece of pieces(bytes, size)) {
    await pause();
    yield piece;
  }
  await pause();
}

/** Always the same array: refilled for each chunk, and overwritten at the end. */
export async function* reusing(bytes: Uint8Array, size: number): Bytes {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0xee);
  }
}

/** Throws `error` after the bytes. */
export async function* failing(bytes: Uint8Array, size: number, error: unknown): Bytes {
  yield* pieces(bytes, size);
  throw error;
}

/** Calls `watch` with the number of chunks taken so far, each time the store asks for more. */
export async function* watched(bytes: Uint8Array, size: number, watch: (taken: number) => Promise<void> | void): Bytes {
  let taken = 0;
  for await (const piece of pieces(bytes, size)) {
    await watch(taken++);
    yield piece;
  }
  await watch(taken);
}

/** Without `return` and `throw`, which the protocol makes optional. */
export function plainIterator(bytes: Bytes): Bytes {
  return {
    [Symbol.asyncIterator]() {
      const inner = bytes[Symbol.asyncIterator]();
      return { next: () => inner.next() };
    },
  };
}

/** Throws if the store asks for the next chunk before it got the last one, or after the end. */
export function strict(bytes: Bytes): Bytes {
  const inner = bytes[Symbol.asyncIterator]();
  let asked = false;
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    if (asked) throw new Error("The body was asked for a chunk before it gave the last one, or after its end.");
    asked = true;
    const result = await inner.next();
    asked = result.done ?? false;
    return result;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
