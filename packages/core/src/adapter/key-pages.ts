/** Rows in the order of their byte keys, page by page: no statement or transaction stays open between two pages. */
import { type KeyRange, keysAfter } from "./byte-keys.js";

/** `read` gives the first `size` rows of a range, in the order of their keys; `keyOf` gives a row's key. */
export async function* keyPages<Row>(
  range: KeyRange,
  size: number,
  keyOf: (row: Row) => Uint8Array,
  read: (range: KeyRange) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let rest: KeyRange | undefined = range; rest; ) {
    const page: readonly Row[] = await read(rest);
    yield page;
    const last = page[size - 1];
    rest = last && keysAfter(rest, keyOf(last));
  }
}
