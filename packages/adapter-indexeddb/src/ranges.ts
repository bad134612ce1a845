/** The key range of a prefix. Keys compare by UTF-16 units, as `startsWith` does, also inside a surrogate pair. */

const LAST_UNIT = 0xffff;

/** All strings with this prefix, or those of them behind `after`. */
export function prefixRange(prefix: string, after?: string): IDBKeyRange {
  const from = after ?? prefix;
  const isOpen = after !== undefined;
  let length = prefix.length;
  while (length > 0 && prefix.charCodeAt(length - 1) === LAST_UNIT) length--;
  if (length === 0) return IDBKeyRange.lowerBound(from, isOpen);
  const to = prefix.slice(0, length - 1) + String.fromCharCode(prefix.charCodeAt(length - 1) + 1);
  return IDBKeyRange.bound(from, to, isOpen, true);
}
