/** Maps a stream of which most items can be mapped at once, and a few have to be waited for. */

/** At most this many wait behind one that takes its time. */
const MOST_WAITING = 1000;

/**
 * Yields what `known` gives of each item or, where that is `undefined`, what `look` resolves to, in the order of the items; leaves out
 * what both give up. Up to `atOnce` looks are under way. An item that needs no look costs no promise.
 */
export async function* mapSome<In, Out>(
  items: AsyncIterable<In>,
  known: (item: In) => Out | undefined,
  look: (item: In) => Promise<Out | undefined>,
  atOnce: number,
): AsyncGenerator<Out> {
  const waiting: (Out | Promise<Out | undefined>)[] = [];
  let looks = 0;
  for await (const item of items) {
    const out = known(item);
    if (out !== undefined && waiting.length === 0) {
      yield out;
      continue;
    }
    waiting.push(out ?? lookFor(item));
    while (looks >= atOnce || waiting.length > MOST_WAITING) yield* first();
    while (waiting.length > 0 && !(waiting[0] instanceof Promise)) yield* first();
  }
  while (waiting.length > 0) yield* first();

  function lookFor(item: In): Promise<Out | undefined> {
    looks++;
    const found = look(item);
    found.catch(() => {}); // reported when its turn comes, not as an unhandled rejection
    return found;
  }

  async function* first(): AsyncGenerator<Out> {
    const next = waiting.shift();
    if (next instanceof Promise) looks--;
    const out = await next;
    if (out !== undefined) yield out;
  }
}
