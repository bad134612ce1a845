/** Work on many files or sessions, several at a time. */
import { throwIfAborted } from "@session-archiver/core";

/** As many as a sweep has under way, and as many bytes: small ones share the waits for the disk, large ones run alone. */
const MOST = 64;
const MOST_BYTES = 4 * 1024 * 1024;
export const ALONE: number = Number.POSITIVE_INFINITY;

export interface AtOnce<Item, Result> {
  readonly signal: AbortSignal;
  /** `false`: one after the other. */
  readonly many: boolean;
  /** Bytes that the item takes up while it is under way; {@link ALONE}: no other may be. */
  weigh(item: Item): number;
  work(item: Item): Promise<Result>;
  /** Gets the results in the order of the items. */
  done(item: Item, result: Result): void;
}

/** After an abort, or the first error, no more are begun; it rejects once those under way have ended. */
export async function atOnce<Item, Result>(
  items: Iterable<Item>,
  { signal, many, weigh, work, done }: AtOnce<Item, Result>,
): Promise<void> {
  const underWay: { readonly item: Item; readonly bytes: number; readonly result: Promise<Result> }[] = [];
  let bytes = 0;
  const finishFirst = async (): Promise<void> => {
    const [first] = underWay;
    if (!first) return;
    const result = await first.result;
    underWay.shift();
    bytes -= first.bytes;
    done(first.item, result);
  };
  try {
    for (const item of items) {
      const own = Math.min(weigh(item), MOST_BYTES + 1);
      while (underWay.length >= (many ? MOST : 1) || (underWay.length > 0 && bytes + own > MOST_BYTES))
        await finishFirst();
      throwIfAborted(signal);
      const result = work(item);
      result.catch(() => undefined); // thrown when its turn comes
      underWay.push({ item, bytes: own, result });
      bytes += own;
    }
    while (underWay.length > 0) await finishFirst();
  } finally {
    await Promise.allSettled(underWay.map(({ result }) => result));
  }
}
