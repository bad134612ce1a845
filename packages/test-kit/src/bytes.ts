/** Bytes to store and compare, and streams of them. For Node and browsers. */
export const MIB: number = 1024 * 1024;

/** Bytes that differ at every offset and for every seed. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  return new Uint8Array(words.buffer, 0, length);
}

/** The bytes in chunks of one size. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}

/** Everything a listing gives. */
export async function all<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}

/** Where the bytes first differ, or `undefined`: comparing megabytes in an assertion takes seconds. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return undefined;
}
