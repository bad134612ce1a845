/** Places in a list that runs from the session that was active last to those of unknown activity. */
import type { ListPlace, Meta } from "../ports.js";
import { KEY, positiveAt } from "./metadata.js";

/** The place of an object with this metadata. */
export function placeOf(id: string, meta: Meta): ListPlace {
  return { id, lastActivityMs: positiveAt(meta, KEY.lastActivity) ?? null };
}

/** Less than 0 if `a` comes before `b`; 0 if they are the same. */
export function comparePlaces(a: ListPlace, b: ListPlace): number {
  return (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0) || compareIds(a.id, b.id);
}

/** As their UTF-8 bytes compare. UTF-16 puts what lies beyond U+FFFF before the last characters below it. */
function compareIds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return Number(isSurrogate(x)) - Number(isSurrogate(y)) || x - y;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
