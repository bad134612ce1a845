/** Reading in pages: what one transaction returns, with the next one under way meanwhile. */
import { type ByteRange, mapOrdered, resolveRange } from "@session-archiver/core/adapter";
import { PIECE, readBytes } from "./chunks.js";
import type { Call, Database } from "./database.js";
import type { StoreName, StreamHead, Tx } from "./schema.js";

/** Two read faster than one; more don't. */
const IN_FLIGHT = 2;

/**
 * The bytes in `range` of the first `size`, or as many as there are, cut where the stored pieces end. `find` gives the head
 * in a transaction, and throws if it isn't there, or isn't any more that of the stream that the first page came from.
 */
export async function* readPages(
  db: Database,
  store: StoreName,
  find: (tx: Tx, stream: number | undefined) => Promise<StreamHead>,
  range: ByteRange | undefined,
  size: number,
  call: Call,
): AsyncGenerator<Uint8Array> {
  let { start, end } = resolveRange(range, size);
  let stream: number | undefined;
  const fetch = ([from, to]: readonly [number, number]): Promise<Uint8Array> =>
    db.read(
      [store, "chunks"],
      async (tx) => {
        const head = await find(tx, stream);
        stream = head.stream;
        end = Math.min(end, head.size);
        return from < end ? readBytes(tx, head, from, Math.min(to, end)) : new Uint8Array();
      },
      call,
    );
  const second = Math.min(end, pieceEnd(start));
  const first = await fetch([start, second]);
  if (first.length > 0) yield first;
  yield* mapOrdered(pagesOf(second, end), fetch, IN_FLIGHT);
}

function* pagesOf(start: number, end: number): Generator<readonly [number, number]> {
  for (let from = start; from < end; from = pieceEnd(from)) yield [from, Math.min(end, pieceEnd(from))];
}

function pieceEnd(offset: number): number {
  return offset - (offset % PIECE) + PIECE;
}
