/** Two faults at once in one home: the second may hide the first, or need what the mending of the first has changed. */
import { expect } from "vitest";
import { treeHash } from "./doctor.js";
import { BOTH, FAULTS, type Fault } from "./faults.js";
import { doctor, newHome, readable, unpackable } from "./planted.js";

type Kind = (typeof BOTH)[number];

export interface Pair {
  readonly kind: Kind;
  readonly faults: readonly [Fault, Fault];
  readonly name: string;
}

/** `count` ordered pairs for each kind of store, by the seed. */
export function pairsOf(seed: number, count: number): readonly Pair[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return BOTH.flatMap((kind) => {
    const usable = FAULTS.filter(({ stores = BOTH }) => stores.includes(kind));
    const pairs = usable.flatMap((first) => usable.filter((one) => one !== first).map((second) => ({ first, second })));
    const drawn = pairs.map((pair) => ({ pair, at: random() })).toSorted((a, b) => a.at - b.at);
    return drawn.slice(0, count).map(({ pair: { first, second } }) => ({
      kind,
      faults: [first, second] as const,
      name: `${first.name}; ${second.name}`,
    }));
  });
}

/** What could be read can still be read, nothing is gone, and what doctor says at the end is so. */
export async function checkPair({ kind, faults: [first, second] }: Pair): Promise<void> {
  const planted = await newHome(kind);
  await first.plant(planted);
  try {
    await second.plant(planted);
  } catch {
    // What it would damage is gone already: the first is there alone, or with a part of the second.
  }
  const { cli, home } = planted;
  const before = await readable(planted);
  const unpacked = await unpackable(home);
  const found = await doctor(cli, "--grace", "0");
  expect(found).toMatchObject({ exitCode: 1, healthy: false });
  const mended = await doctor(cli, "--repair", "--grace", "0");
  const left = await unpackable(home);
  expect([...unpacked].filter((packed) => !left.has(packed))).toEqual([]);
  const after = await readable(planted);
  for (const [id, bytes] of before) expect(after.get(id) === bytes, id).toBe(true);
  expect(mended.exitCode).toBe(mended.healthy ? 3 : 1);
  // The rest is beyond mending: another repair has nothing to do, and changes nothing.
  const hash = await treeHash(home);
  const again = await doctor(cli, "--repair", "--grace", "0");
  expect(again).toMatchObject({ healthy: mended.healthy, exitCode: mended.healthy ? 0 : 1, repairs: [] });
  expect(again.findings).toEqual(mended.findings);
  expect(await treeHash(home)).toBe(hash);
}
