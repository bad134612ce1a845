/**
 * Runs `map` over a stream and yields the results in order. Up to `inFlight` items are being read, mapped or waiting,
 * even while the consumer is busy. If the consumer stops or `map` fails, the stream is closed once its current read has
 * ended.
 */
export async function* mapOrdered<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  map: (item: In) => Promise<Out>,
  inFlight: number,
): AsyncGenerator<Out> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const ahead: Promise<{ readonly value: Out } | undefined>[] = [];
  /** `false` once the source has ended or failed. */
  let open = true;
  let stopped = false;
  /** The latest read. Reads run one after the other, as not every source can serve two at a time. */
  let reading: Promise<{ readonly value: In } | undefined> = Promise.resolve(undefined);
  const begin = (): void => {
    reading = reading.then(async () => {
      if (!open || stopped) return undefined;
      open = false;
      const item = await source.next();
      open = !item.done;
      return item.done ? undefined : item;
    });
    const result = reading.then(async (item) => item && { value: await map(item.value) });
    result.catch(() => {}); // reported when its turn comes, not as an unhandled rejection
    ahead.push(result);
  };
  try {
    for (let i = 0; i < inFlight; i++) begin();
    for (let next = await ahead.shift(); next; next = await ahead.shift()) {
      begin();
      yield next.value;
    }
  } finally {
    stopped = true;
    await reading.catch(() => {});
    if (open) await source.return?.();
  }
}
