/**
 * Keys as names of objects. A key may hold any character, and have 3,072 bytes; servers differ in what they make of
 * most characters, and take 1,024 bytes. So all bytes but letters, digits, `.`, `_` and `-` become `=` and two hex digits. What begins with a
 * key's beginning has a name that begins with the name of that. A `.` in front is escaped, too: `..` means something in a URL.
 */
import { ArchiverError, checkName, decodeKey, encodeKey } from "@session-archiver/core/adapter";
import { sha256 } from "../http/sha256.js";

/** Names of up to this length are whole. */
const LONGEST = 900;
/** Of longer ones, this much is kept, and the key's hash is put behind it. */
const KEPT = 800;
/** No hex digit comes after `=s`, so no whole name ends like this. */
const HASHED = /=s([0-9a-f]{64})$/;

/** Folders of the sink's own objects. No name of a key has a slash. */
export const CLAIMS = ".claims/";
export const LONG_KEYS = ".keys/";
export const PROBES = ".probe/";

export interface NamedKey {
  readonly name: string;
  /** The key does not fit into its name: it is kept in an object of its own, under its hash. */
  readonly hash: string | undefined;
}

export async function nameOf(key: string): Promise<NamedKey> {
  const name = escapeKey(key);
  if (name.length <= LONGEST) return { name, hash: undefined };
  const hash = await sha256(key);
  return { name: `${kept(name)}=s${hash}`, hash };
}

/** What the names of all keys with this prefix begin with. It may end inside of a surrogate pair, which no key's name tells. */
export function nameOfPrefix(prefix: string): string {
  return kept(escapeKey(prefix.replace(/[\ud800-\udbff]$/, "")));
}

/** The key of a name, or the hash that stands for it. `CORRUPT` if it is not a name of this sink's. */
export function keyOf(name: string): { readonly key: string } | { readonly hash: string } {
  const hash = HASHED.exec(name)?.[1];
  if (hash !== undefined) return { hash };
  const key = unescapeName(name);
  if (key === undefined) throw notOurs(name);
  return { key };
}

/** `CORRUPT` unless this is the key that has the hash. */
export async function checkHashed(name: string, hash: string, key: string): Promise<string> {
  if ((await sha256(key)) !== hash) throw notOurs(name);
  return key;
}

function escapeKey(key: string): string {
  let name = "";
  for (const byte of encodeKey(key)) {
    const char = String.fromCharCode(byte);
    const isPlain = /[A-Za-z0-9_-]/.test(char) || (char === "." && name !== "");
    name += isPlain ? char : `=${byte.toString(16).padStart(2, "0")}`;
  }
  return name;
}

function unescapeName(name: string): string | undefined {
  try {
    const units = name.match(/=[0-9a-f]{2}|[^=]/g) ?? [];
    const bytes = units.map((unit) => (unit.length > 1 ? Number.parseInt(unit.slice(1), 16) : unit.charCodeAt(0)));
    const key = decodeKey(Uint8Array.from(bytes));
    checkName(key, "archive key");
    return escapeKey(key) === name ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Not more than {@link KEPT}, and no half of an escape. */
function kept(name: string): string {
  return name.length <= KEPT ? name : name.slice(0, KEPT).replace(/=.?$/, "");
}

function notOurs(name: string): ArchiverError {
  const message = `The object "${name}" has no name that this package gives. Move it elsewhere, if it is not an archive.`;
  return new ArchiverError("CORRUPT", message, { key: name });
}
