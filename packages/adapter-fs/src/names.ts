/**
 * Any text as a file name that every file system keeps apart from every other: only `a-z 0-9 - _ . + % ~` occur (and
 * `@` between two names), so neither case nor Unicode form can be folded away. Lower-case letters, digits, `-`, `_` and
 * inner dots stand for themselves, `+x` for `X`, `%2f` for a byte of UTF-8. Directories never hold a dot, files always
 * do: so an id and another one below it (`a` and `a/b`) don't get in each other's way.
 */
import { createHash } from "node:crypto";

/** Stands for nothing: between the slashes of `a//b`, and before a leading dot, which would hide the file. */
const NOTHING = "%";

/** What Windows takes for a device, whatever follows the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;

/** Long texts have their beginning, to be recognised by, and their SHA-256 instead. */
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

/** The name of a directory; also that of a part of a file's name that must not hold a dot. */
export function directoryName(text: string): string {
  return text === "" ? NOTHING : withoutDevice(escaped(text));
}

/** The name of a file, to which an ending may be added. */
export function fileName(text: string): string {
  if (text === "") return NOTHING;
  const name = text.split(".").map(escaped).join(".").replace(/\.$/, percent);
  return name.startsWith(".") ? NOTHING + name : withoutDevice(name);
}

/** The text that one of these names stands for. Other names give anything: encode the result and compare. */
export function textOf(name: string): string | undefined {
  try {
    const spelled = name.replace(/^%(?=\.|$)/, "").replace(/\+([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return decodeURIComponent(spelled);
  } catch {
    return undefined;
  }
}

/** A name for a text too long to be spelled out; `long-names.ts` keeps the text. */
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
