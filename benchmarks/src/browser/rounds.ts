/** Things that take turns, so that what disturbs the machine disturbs all of them. */

export type Work = () => Promise<number>;

/** What each gave, one figure a round. */
export async function alternately(
  work: Readonly<Record<string, Work>>,
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const given = new Map<string, number[]>(Object.keys(work).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(work)) given.get(name)?.push(await run());
  }
  return given;
}
