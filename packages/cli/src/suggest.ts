/** Suggests ids that a person may have meant. */
import { hasCode } from "@session-archiver/core";
import type { CommandContext } from "./command.js";

const MOST = 3;

/** The nearest ids for each wrong one, at most three. Lists every session once. */
export async function suggestions(
  { archiver, signal }: CommandContext,
  wrong: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const best = new Map(wrong.map((word) => [word, [] as { readonly id: string; readonly distance: number }[]]));
  try {
    for await (const { id } of archiver.listNewest({ signal })) {
      for (const [word, near] of best) {
        const distance = distanceOf(word, id);
        if (distance === undefined) continue;
        near.push({ id, distance });
        near.sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
        near.length = Math.min(near.length, MOST);
      }
    }
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error; // otherwise there are no suggestions, only the original error
  }
  return new Map([...best].map(([word, near]) => [word, near.map(({ id }) => id)]));
}

/** Distance of an id, or its last part, from the text: 0 if it contains the text; `undefined` if it is too far. */
function distanceOf(text: string, id: string): number | undefined {
  const [a, b] = [text.toLowerCase(), id.toLowerCase()];
  if (a !== "" && b.includes(a)) return 0;
  const most = Math.ceil(Math.min(a.length, MOST_CHARACTERS) / 4);
  const last = b.slice(b.lastIndexOf("/") + 1);
  const distances = [editDistance(a, b, most), editDistance(a, last, most)].filter(
    (distance) => distance !== undefined,
  );
  return distances.length > 0 ? Math.min(...distances) : undefined;
}

/** Longer texts may differ in no more than a quarter of this. */
const MOST_CHARACTERS = 64;

/**
 * Insertions, deletions and changes of single characters between the texts; `undefined` if there are more than `most`.
 */
export function editDistance(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    // Farther than `most` from the diagonal, everything is too far.
    const from = Math.max(1, i - most);
    const to = Math.min(b.length, i + most);
    const next = new Array<number>(b.length + 1).fill(most + 1);
    next[0] = i;
    let least = from === 1 ? i : most + 1;
    for (let j = from; j <= to; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cost = Math.min(change, (row[j] ?? most) + 1, (next[j - 1] ?? most) + 1);
      next[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return undefined;
    row = next;
  }
  const distance = row[b.length] ?? most + 1;
  return distance <= most ? distance : undefined;
}
