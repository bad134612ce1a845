import type { StoredObject } from "@session-archiver/core";

/** All objects, sorted by the number that `by` gives for each. */
export async function sorted(
  objects: AsyncIterable<StoredObject>,
  by: (object: StoredObject) => number,
): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  for await (const object of objects) all.push(object);
  return all.sort((a, b) => by(a) - by(b));
}
