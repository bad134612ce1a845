/** Compares two files, and looks whether one is whole. */
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { decodeManifest, parseKey } from "@session-archiver/core/format";
import { readInlineManifest } from "../inline-manifest.js";

const CHUNK_BYTES = 256 * 1024;
const LONGEST_MANIFEST = 64 * 1024 * 1024;

/** Whether both files hold the same bytes. Throws if one can't be read. */
export async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const [first, second] = [await open(one, "r"), await open(other, "r")];
  try {
    const { size } = await first.stat();
    if (size !== (await second.stat()).size) return false;
    const [left, right] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
    for (let at = 0; at < size; ) {
      const { bytesRead } = await first.read(left, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return false; // made shorter meanwhile
      for (let filled = 0; filled < bytesRead; ) {
        const more = (await second.read(right, filled, bytesRead - filled, at + filled)).bytesRead;
        if (more === 0) return false;
        filled += more;
      }
      if (!left.subarray(0, bytesRead).equals(right.subarray(0, bytesRead))) return false;
      at += bytesRead;
    }
    return true;
  } finally {
    await first.close();
    await second.close();
  }
}

/** Whether the file can be what its key says: a whole gzip file, with its manifest if that is inline, a manifest, or a record. */
export async function isWhole(path: string, key: string): Promise<boolean> {
  try {
    if (key.endsWith(".gz")) {
      const gunzip = createGunzip();
      await pipeline(createReadStream(path), gunzip, async (bytes: AsyncIterable<unknown>) => {
        for await (const _ of bytes); // zlib checks length and CRC
      });
      // Not every Node refuses bytes behind the end.
      const { size } = await stat(path);
      return size > 0 && gunzip.bytesWritten === size && (await hasItsManifest(path, key));
    }
    if (!key.endsWith(".json") || (await stat(path)).size > LONGEST_MANIFEST) return false;
    const bytes = await readFile(path);
    if (/\/runs\/[^/]+$/.test(key)) JSON.parse(bytes.toString());
    else decodeManifest(bytes, key);
    return true;
  } catch {
    return false;
  }
}

/** No checksum of the gzip format is about the manifest. Throws if it is damaged. */
async function hasItsManifest(path: string, key: string): Promise<boolean> {
  const { manifestBytes } = parseKey(key) ?? {};
  if (manifestBytes === undefined) return true;
  const manifest = await readInlineManifest(path);
  if (manifest?.length !== manifestBytes) return false;
  decodeManifest(manifest, key);
  return true;
}
