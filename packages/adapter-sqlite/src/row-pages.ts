/** Rows page by page; each page is one transaction. No statement stays open between two pages. */
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { blobOf, type Row } from "./driver.js";
import { after, type KeyRange } from "./text.js";

/** Rows in the order of their keys, which are in `column`. `select` gives the first `size` rows of a range. */
export async function* rowPages(
  db: Database,
  column: string,
  range: KeyRange,
  size: number,
  select: (range: KeyRange) => readonly Row[],
  call: Call,
): AsyncGenerator<readonly Row[]> {
  for (let rest: KeyRange | undefined = range; rest; ) {
    const { from, to }: KeyRange = rest;
    const page: readonly Row[] = await db.read(() => select({ from, to }), call);
    yield page;
    const last = page[size - 1];
    rest = last && after(rest, blobOf(last, column));
  }
}
