/** One session that grows by a line, is archived, and is read at its end, again and again. */
import { type Archiver, toBytes } from "@session-archiver/core";
import { type Costs, type Counts, costsOf } from "./costs.js";
import { ACTIVE_MS, lineOf } from "./made-sessions.js";

/** Of one round. */
export interface RoundCosts {
  /** The line's append, and the archive. */
  readonly growing: Costs;
  readonly lastLine: Costs;
}

const ID = "grows";

/** `bytes`: what the session holds before the first round, at least. */
export async function growByLines(
  archiver: Archiver,
  counts: () => Counts,
  { rounds, bytes }: { readonly rounds: number; readonly bytes: number },
): Promise<readonly RoundCosts[]> {
  const line = lineOf("first", ACTIVE_MS);
  const append = async (output: string): Promise<void> => {
    await using recorder = archiver.recorder(ID, { create: {} });
    await recorder.append(output);
  };
  const lines = Math.ceil(bytes / line.length);
  await append(Array.from({ length: lines }, (_, i) => lineOf(`base/${i}`, ACTIVE_MS + i)).join(""));
  await archiver.archive(ID);
  const all: RoundCosts[] = [];
  for (let round = 0; round < rounds; round++) {
    const added = lineOf(`round/${round}`, ACTIVE_MS + lines + round);
    const growing = await costsOf(counts, async () => {
      await append(added);
      await archiver.archive(ID);
    });
    let last = "";
    const lastLine = await costsOf(counts, async () => {
      last = new TextDecoder().decode(await toBytes(archiver.tail(ID, 1)));
    });
    if (last !== added) throw new Error(`After round ${round} the last line is another one.`);
    all.push({ growing, lastLine });
  }
  return all;
}
