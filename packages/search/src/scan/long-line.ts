/**
 * Searches a line that is too long to be held: its text with JSON's escapes resolved, once and twice (JSON within JSON),
 * in windows that overlap.
 */
import type { CompiledQuery, CompiledTerm } from "../query/compile.js";
import type { Snippet } from "../search/hit.js";
import { snippetOf } from "../search/snippet.js";
import { openEscape, withoutEscapes } from "../text/escapes.js";

/** Longer lines are searched in windows. Bytes. */
export const LONGEST_HELD: number = 8 * 1024 * 1024;

/** Characters that each window shares with the one before; a longer match may be missed. */
const OVERLAP = 16 * 1024;
/** Resolved twice, text may be this many times as short. */
const SHRINKS = 16;
const WINDOW = 64 * 1024;
/** Bytes that are decoded at a time. */
const STEP = 32 * 1024;
/** Bytes of the line's beginning, from which its time and role are read. */
const HEAD = 64 * 1024;

export interface LongLine {
  /** Keeps nothing of the bytes. */
  add(bytes: Uint8Array): void;
  /** What was found, if every term was: in any of the windows. */
  end(): { readonly snippet: Snippet; readonly head: string } | undefined;
}

export function longLine(query: CompiledQuery, snippetLength: number): LongLine {
  const overlap = Math.max(OVERLAP, ...query.map(({ length }) => SHRINKS * length));
  const decoder = new TextDecoder();
  const headDecoder = new TextDecoder();
  let headBytes = 0;
  let head = "";
  const missing = new Set<CompiledTerm>(query);
  let snippet: Snippet | undefined;
  let text = "";
  let isFirst = true;

  const look = (isLast: boolean): void => {
    const whole = isLast ? text : text.slice(0, text.length - openEscape(text));
    const once = withoutEscapes(whole);
    const twice = withoutEscapes(once);
    for (const window of once === twice ? [once] : [once, twice]) {
      for (const term of missing) {
        // What begins at the edge was seen whole in the window before, what ends there will be in the next.
        const match = term.find(window, isFirst ? 0 : 1);
        if (!match || (!isLast && match.end === window.length && match.start > window.length - overlap / SHRINKS))
          continue;
        missing.delete(term);
        snippet ??= snippetOf(window, match, query, snippetLength);
      }
    }
    const shared = text.slice(0, Math.max(0, whole.length - overlap));
    text = text.slice(shared.length - openEscape(shared));
    isFirst = false;
  };
  return {
    add(bytes) {
      if (headBytes < HEAD) {
        const part = bytes.subarray(0, HEAD - headBytes);
        head += headDecoder.decode(part, { stream: true });
        headBytes += part.length;
      }
      for (let at = 0; at < bytes.length && missing.size > 0; at += STEP) {
        text += decoder.decode(bytes.subarray(at, at + STEP), { stream: true });
        if (text.length >= WINDOW + overlap) look(false);
      }
    },
    end() {
      if (missing.size > 0) {
        text += decoder.decode();
        look(true);
      }
      return missing.size === 0 && snippet ? { snippet, head } : undefined;
    },
  };
}
