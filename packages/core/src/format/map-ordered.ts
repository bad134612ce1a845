/** Runs `map` over a stream with up to `inFlight` calls under way, and yields the results in order. */
export async function* mapOrdered<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  map: (item: In) => Promise<Out>,
  inFlight: number,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  for await (const item of items) {
    const result = map(item);
    result.catch(() => {}); // reported when its turn comes, not as an unhandled rejection
    running.push(result);
    if (running.length >= inFlight) yield await (running.shift() as Promise<Out>);
  }
  for (const result of running) yield await result;
}
