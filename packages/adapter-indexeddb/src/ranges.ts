/** Key ranges of listings. Keys compare by UTF-16 units, as `startsWith` does, also inside a surrogate pair. */

import { throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./database.js";

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

/** Items page by page, without a transaction open between two; `fetch` is given the last item it gave. */
export async function* paged<T>(
  fetch: (last: T | undefined) => Promise<readonly T[]>,
  pageSize: number,
  call: Call,
): AsyncGenerator<T> {
  let last: T | undefined;
  do {
    const page = await fetch(last);
    for (const item of page) {
      throwIfAborted(call.signal, call);
      yield item;
    }
    last = page[pageSize - 1];
  } while (last !== undefined);
}
