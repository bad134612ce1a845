import type { StoredObject } from "@session-archiver/core";

/** All of them, by the number that `by` gives each. */
export async function sorted(
  objects: AsyncIterable<StoredObject>,
  by: (object: StoredObject) => number,
): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  for await (const object of objects) all.push(object);
  return all.sort((a, b) => by(a) - by(b));
}
