/**
 * Ids, names and keys as UTF-8 BLOBs. As TEXT they would pass through C strings and collations, where a NUL may end
 * them and an encoding may change them; BLOBs compare byte by byte, and UTF-8 keeps prefixes.
 */
import { ArchiverError } from "@session-archiver/core/adapter";

const encoder = new TextEncoder();
// ignoreBOM: a leading U+FEFF is part of the text.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

export const encode = (text: string): Uint8Array => encoder.encode(text);
/** `CORRUPT` if it is not UTF-8: then another program has written it. */
export function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new ArchiverError("CORRUPT", "The database holds a name that is not UTF-8. Restore a backup.", { cause });
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
  const from = encode(prefix.slice(0, length));
  const last = from.at(-1);
  // Keys are not empty, and no byte of UTF-8 is 0xff.
  if (last === undefined) return { from: Uint8Array.of(0), to: Uint8Array.of(0xff) };
  const to = from.slice();
  to[to.length - 1] = last + 1;
  return { from, to };
}

/** The rest of the range after a key. */
export function after(range: KeyRange, key: Uint8Array): KeyRange {
  const from = new Uint8Array(key.length + 1);
  from.set(key);
  return { from, to: range.to };
}
