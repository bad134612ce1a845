/** Listings, page by page. */

/** Full pages and a last shorter one, without a transaction open between two; `fetch` gets the last item it gave. */
export async function* pages<T>(
  size: number,
  fetch: (last: T | undefined) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let last: T | undefined;
  do {
    const page = await fetch(last);
    yield page;
    last = page[size - 1];
  } while (last !== undefined);
}
