/**
 * Ids, names and keys as UTF-8 bytes, for databases that compare byte by byte (SQLite's BLOB, PostgreSQL's bytea). As text
 * they would pass through collations and C strings, where an encoding may change them and a NUL may end them. UTF-8 keeps
 * prefixes.
 */
import { ArchiverError } from "../errors.js";

const encoder = new TextEncoder();
// ignoreBOM: a leading U+FEFF is part of the text.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** An id, name or key as bytes. */
export const encodeKey = (text: string): Uint8Array => encoder.encode(text);

/** The same back. `CORRUPT` if it is not UTF-8: then another program has written it. */
export function decodeKey(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new ArchiverError("CORRUPT", "The store holds a name that is not UTF-8. Restore a backup.", { cause });
  }
}

/** The range of the keys of a listing or of its next pages: `from` inclusive, `to` exclusive. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/**
 * The range of all keys with this prefix. A prefix may end inside a surrogate pair, which UTF-8 cannot express: the
 * range then holds more, and the caller compares the strings.
 */
export function prefixRange(prefix: string): KeyRange {
  const wellFormed = prefix.toWellFormed();
  let length = 0;
  while (length < prefix.length && prefix.charCodeAt(length) === wellFormed.charCodeAt(length)) length++;
  const from = encodeKey(prefix.slice(0, length));
  const last = from.at(-1);
  // Keys are not empty, and no byte of UTF-8 is 0xff.
  if (last === undefined) return { from: Uint8Array.of(0), to: Uint8Array.of(0xff) };
  const to = from.slice();
  to[to.length - 1] = last + 1;
  return { from, to };
}

/** The rest of the range after a key. */
export function keysAfter(range: KeyRange, key: Uint8Array): KeyRange {
  const from = new Uint8Array(key.length + 1);
  from.set(key);
  return { from, to: range.to };
}
