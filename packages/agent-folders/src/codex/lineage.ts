/** What a thread needs to be resumed: a fork's file holds no copy of its parent's lines. */
import type { Unit } from "../source.js";

/**
 * For each id that the given ones need, directly or by way of others, the given one that needs it. Ids that need each
 * other, as only a damaged or hostile file says, are visited once.
 */
export function needed(
  from: Iterable<string>,
  needsOf: (id: string) => readonly string[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const todo = [...from].map((id) => ({ id, by: id }));
  const visited = new Set<string>(todo.map(({ id }) => id));
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const id of needsOf(next.id)) {
      if (!found.has(id)) found.set(id, next.by);
      if (visited.has(id)) continue;
      visited.add(id);
      todo.push({ id, by: next.by });
    }
  }
  return found;
}

/** Which of the units in `freeing` must stay because of those that stay, and why. */
export function neededByStaying(freeing: readonly Unit[], staying: readonly Unit[]): ReadonlyMap<string, string> {
  const needs = new Map([...freeing, ...staying].map((unit) => [unit.id, unit.needs]));
  const found = needed(
    staying.map(({ id }) => id),
    (id) => needs.get(id) ?? [],
  );
  return new Map(
    freeing.flatMap(({ id }) => {
      const by = found.get(id);
      return by === undefined ? [] : [[id, `${by} stays, and can't be resumed without it`] as const];
    }),
  );
}
