/** Byte strings of any length as chunks under random keys; a head elsewhere names them in order. */
import { concat } from "../../bytes.js";
import { ArchiverError } from "../../errors.js";
import type { Bytes } from "../../ports.js";
import { randomToken } from "../random-token.js";
import type { Kv } from "./kv.js";

export const CHUNK_BYTES: number = 1024 * 1024;

/** Key and size in bytes. */
export type Chunk = readonly [key: string, size: number];

async function writeChunk(kv: Kv, bytes: Uint8Array): Promise<Chunk> {
  const key = `chunk/${randomToken()}`;
  if ((await kv.set(key, bytes, null)) === undefined) {
    throw new ArchiverError("UNAVAILABLE", "The store says that a fresh random key is taken.", { key });
  }
  return [key, bytes.length];
}

export function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, [, size]) => sum + size, 0);
}

/** The body, which comes in rows of {@link CHUNK_BYTES}, as chunks; if it fails, none are left. */
export async function writeChunks(kv: Kv, body: Bytes): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  try {
    for await (const row of body) chunks.push(await writeChunk(kv, row));
    return chunks;
  } catch (error) {
    await deleteChunks(kv, chunks);
    throw error;
  }
}

export async function deleteChunks(kv: Kv, chunks: readonly Chunk[]): Promise<void> {
  for (const [key] of chunks) {
    const entry = await kv.get(key);
    if (entry) await kv.delete(key, entry.version);
  }
}

/** Adds bytes to the end: small last chunks are merged, each byte about as often as the logarithm of the chunk size. */
export async function appendChunk(
  kv: Kv,
  chunks: readonly Chunk[],
  bytes: Uint8Array,
): Promise<{ chunks: readonly Chunk[]; replaced: readonly Chunk[]; added: Chunk } | undefined> {
  const kept = [...chunks];
  const replaced: Chunk[] = [];
  let merged = bytes;
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    const [key, size] = last;
    if (size >= 2 * merged.length || size + merged.length > CHUNK_BYTES) break;
    const entry = await kv.get(key);
    if (!entry) return undefined; // replaced meanwhile by another append
    merged = concat([entry.value, merged]);
    replaced.push(last);
    kept.pop();
  }
  const added = await writeChunk(kv, merged);
  return { chunks: [...kept, added], replaced, added };
}

/**
 * Bytes `[start, end)`. `chunksNow` is asked again where a chunk is gone: an append may have merged it, a delete ends the
 * read with whatever error `chunksNow` throws.
 */
export async function* readChunks(
  kv: Kv,
  start: number,
  end: number,
  chunksNow: () => Promise<readonly Chunk[]>,
): Bytes {
  let chunks = await chunksNow();
  for (let at = start; at < end; ) {
    const found = chunkAt(chunks, at);
    const entry = found && (await kv.get(found.key));
    if (!entry) {
      const again = await chunksNow();
      if (JSON.stringify(again) === JSON.stringify(chunks)) {
        throw new ArchiverError("CORRUPT", `A chunk at byte ${at} is missing from the store.`, { key: found?.key });
      }
      chunks = again;
      continue;
    }
    const bytes = entry.value.slice(at - found.offset, end - found.offset);
    at += bytes.length;
    yield bytes;
  }
}

function chunkAt(chunks: readonly Chunk[], at: number): { key: string; offset: number } | undefined {
  let offset = 0;
  for (const [key, size] of chunks) {
    if (at < offset + size) return { key, offset };
    offset += size;
  }
  return undefined;
}
