/**
 * What rows are found by: the SHA-256 of a name, made by the server. Names have up to 3 KB and hold any character. PostgreSQL's text takes no NUL, and its
 * indexes take no more than 2.7 KB, counted after compression: a long name of the same character is accepted, a real one is not.
 */
import { type BlobKey, type BlobRef, encodeKey } from "@session-archiver/core/adapter";
import type { Parameters } from "./parameters.js";

/** The bytes of both names, one behind the other: the first has its length in front, so no two pairs give the same. */
export function blobKeyBytes({ id, name }: BlobKey): Uint8Array {
  const [first, second] = [encodeKey(id), encodeKey(name)];
  const bytes = new Uint8Array(4 + first.length + second.length);
  new DataView(bytes.buffer).setUint32(0, first.length);
  bytes.set(first, 4);
  bytes.set(second, 4 + first.length);
  return bytes;
}

/** The condition for a blob's row in exactly this state. */
export function isExactly(p: Parameters, { key, generation, size }: BlobRef): string {
  return `k = sha256(${p.bytes(blobKeyBytes(key))}) AND generation = ${p.bytes(encodeKey(generation))} AND size = ${p.count(size)}`;
}

/** The part of a name that goes into an index. What has the same beginning is sorted and compared by the whole name. */
export const beginningOf = (name: string): string => `substring(${name} from 1 for 1000)`;
