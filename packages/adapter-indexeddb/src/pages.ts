/** Reading in pages: what one transaction returns, with the next one under way meanwhile. */
import { mapOrdered } from "@session-archiver/core";
import { PIECE } from "./chunks.js";

/** Two read faster than one; more don't. */
const IN_FLIGHT = 2;

/** The bytes `[start, end)`, cut where the stored pieces end. `fetch` is given ranges within one piece. */
export function readPages(
  start: number,
  end: number,
  fetch: (from: number, to: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  return mapOrdered(pagesOf(start, end), ([from, to]) => fetch(from, to), IN_FLIGHT);
}

function* pagesOf(start: number, end: number): Generator<readonly [number, number]> {
  for (let from = start; from < end; ) {
    const to = Math.min(end, from - (from % PIECE) + PIECE);
    yield [from, to];
    from = to;
  }
}
