/** Runs the tasks in turn, so that a disturbance of the machine affects all of them. */

export type Work = () => Promise<number>;

/** Each task's results, one figure for each round. */
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
