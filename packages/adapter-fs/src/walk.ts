/** Going through directories, however many entries they have. */
import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { mapOrdered } from "@session-archiver/core/adapter";
import { absentAs } from "./files.js";

/** Entries fetched from the system at once, and calls under way at once (it has four threads for them). */
const BATCH = 512;
const IN_FLIGHT = 8;

/** Nothing if the directory is absent. */
export async function* entriesOf(directory: string): AsyncGenerator<Dirent> {
  const opened = await absentAs(opendir(directory, { bufferSize: BATCH }));
  if (opened) yield* opened;
}

/** Runs `map` over the items, some ahead of the consumer, and yields the results in order. */
export function mapAhead<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  return mapOrdered(items, map, IN_FLIGHT);
}
