/** Which sessions of the store a call is to verify. */
import type { Meta, StoredObject } from "../../ports.js";
import { hasArchives } from "../../session/known-whole.js";
import type { Pass } from "./pass.js";
import { sampler, sampleSize } from "./sample.js";
import type { VerifyAllOptions } from "./verify-report.js";

export interface Choice {
  /** Whether it is one of those that the call chooses from. */
  isAmong(meta: Meta): boolean;
  /** Whether it is to be verified; to be called once for each of those. */
  picks(meta: Meta): boolean;
  /** How many will be picked, as far as it is known now; 0 if nobody has asked. */
  readonly toDo: number;
}

/** `list` lists the sessions of the store, which is done only if something has to be counted first. */
export async function choiceOf(
  { sample, random = Math.random, onSession }: VerifyAllOptions,
  pass: Pass | undefined,
  list: () => AsyncIterable<StoredObject>,
): Promise<Choice> {
  const count = async (isCounted: (meta: Meta) => boolean): Promise<number> => {
    let counted = 0;
    for await (const { meta } of list()) if (isCounted(meta)) counted++;
    return counted;
  };
  if (sample !== undefined) {
    const total = await count(hasArchives);
    const toDo = sampleSize(sample, total);
    return { isAmong: hasArchives, picks: sampler(toDo, total, random), toDo };
  }
  const picks = (meta: Meta): boolean => !pass?.holds(meta);
  return { isAmong: () => true, picks, toDo: onSession ? await count(picks) : 0 };
}
