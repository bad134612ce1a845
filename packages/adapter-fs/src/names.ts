/**
 * Any text as a file name that every file system keeps apart from every other one. Names consist of `a-z 0-9 - _ . + % ~`
 * (and `@` between two of them), so it doesn't matter whether a file system ignores case or changes Unicode forms.
 * Lower-case letters, digits, `-`, `_` and inner dots stand for themselves, `+x` for `X`, `%2f` for a byte of UTF-8.
 * A directory's name never has a dot, a file's always has: so ids of which one lies below the other (`a` and `a/b`) never
 * want the same path.
 */
import { createHash } from "node:crypto";

/** Stands for empty text, as in `a//b`. Also goes before a leading dot, which would hide the file. */
const NOTHING = "%";

/** Windows takes these names for devices, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;

/** A shortened name: the beginning of the text, for people, and its SHA-256. */
const SHORTENED = /~([0-9a-f]{64})(?:\.|$)/;
const READABLE_LENGTH = 40;

function percent(text: string): string {
  return Buffer.from(text).toString("hex").replace(/../g, "%$&");
}

function escaped(text: string): string {
  return text.replace(/[^a-z0-9_-]/gu, (char) => (/[A-Z]/.test(char) ? `+${char.toLowerCase()}` : percent(char)));
}

function withoutDevice(name: string): string {
  return DEVICE.test(name) ? percent(name.charAt(0)) + name.slice(1) : name;
}

/** The name of a directory; also a part of a file's name that must not have a dot. */
export function directoryName(text: string): string {
  return text === "" ? NOTHING : withoutDevice(escaped(text));
}

/** The name of a file. An ending may be added to it. */
export function fileName(text: string): string {
  if (text === "") return NOTHING;
  const name = text.split(".").map(escaped).join(".").replace(/\.$/, percent);
  return name.startsWith(".") ? NOTHING + name : withoutDevice(name);
}

/** The text that a name stands for. Names made elsewhere give any text: encode the result and compare. */
export function textOf(name: string): string | undefined {
  try {
    const spelled = name.replace(/^%(?=\.|$)/, "").replace(/\+([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return decodeURIComponent(spelled);
  } catch {
    return undefined;
  }
}

/** A name for a text that is too long; `long-names.ts` keeps the text. */
export function shortened(text: string): string {
  return `${escaped(text).slice(0, READABLE_LENGTH)}~${hashOf(text)}`;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The hash in a shortened name, which may have an ending. */
export function shortenedHash(name: string): string | undefined {
  return SHORTENED.exec(name)?.[1];
}
