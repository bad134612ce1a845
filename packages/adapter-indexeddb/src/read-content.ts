/** Reading content: each transaction returns one row of it at most, and the next one is under way meanwhile. */
import { type Bytes, mapOrdered, type Range } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { ROW_BYTES, readBytes } from "./content.js";
import type { Database } from "./database.js";
import type { ContentHead, StoreName, Tx } from "./schema.js";

/** Two read faster than one; more don't. */
const IN_FLIGHT = 2;

/** The blob or archive that is read. */
export interface Source<Head extends ContentHead> {
  readonly store: StoreName;
  find(tx: Tx): Promise<Head | undefined>;
  /** Throws if it isn't there, or isn't what is to be read. */
  require(found: Head | undefined): Head;
}

/**
 * The bytes in the range, or as many as there are, cut where the stored rows end. If the name stands for other content
 * half-way, the source is not there any more.
 */
export async function* readContent<Head extends ContentHead>(
  db: Database,
  { store, find, require }: Source<Head>,
  range: Range,
  call: Call,
): Bytes {
  let { end } = range;
  let contentId: number | undefined;
  const fetch = ([from, to]: readonly [number, number]): Promise<Uint8Array> =>
    db.read(
      [store, "chunks"],
      async (tx) => {
        const found = await find(tx);
        const head = require(found?.stream === (contentId ?? found?.stream) ? found : undefined);
        contentId = head.stream;
        end = Math.min(end, head.size);
        return from < end ? readBytes(tx, head, from, Math.min(to, end)) : new Uint8Array();
      },
      call,
    );
  const second = Math.min(end, rowEnd(range.start));
  const first = await fetch([range.start, second]);
  if (first.length > 0) yield first;
  yield* mapOrdered(rowsOf(second, end), fetch, IN_FLIGHT);
}

function* rowsOf(start: number, end: number): Generator<readonly [number, number]> {
  for (let from = start; from < end; from = rowEnd(from)) yield [from, Math.min(end, rowEnd(from))];
}

/** Where the row ends that holds the byte at this offset. */
function rowEnd(offset: number): number {
  return offset - (offset % ROW_BYTES) + ROW_BYTES;
}
