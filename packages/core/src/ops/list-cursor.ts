/** The text by which a list goes on where another one ended. */
import { isName } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import type { ListPlace } from "../ports.js";

const VERSION = 1;

/**
 * A text for {@link ListNewestOptions.after}: the list goes on after this session. Letters, digits, `-` and `_` only. It holds
 * while sessions come and go, this one too, and in later versions of this library.
 */
export function cursorAfter({ lastActivityMs, id }: ListPlace): string {
  const bytes = new TextEncoder().encode(JSON.stringify([VERSION, lastActivityMs, id]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** `INVALID_ARGUMENT` unless {@link cursorAfter} made the text. */
export function placeAt(cursor: string): ListPlace {
  const [version, lastActivityMs, id] = valuesIn(cursor);
  const isTime = lastActivityMs === null || (Number.isFinite(lastActivityMs) && Number(lastActivityMs) > 0);
  if (version === VERSION && isTime && isName(id)) return { lastActivityMs: lastActivityMs as number | null, id };
  throw new ArchiverError("INVALID_ARGUMENT", "No list gave this cursor. Begin the list anew.");
}

function valuesIn(cursor: string): readonly unknown[] {
  try {
    const text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const values: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}
