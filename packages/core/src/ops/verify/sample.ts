/** Takes samples of an exact size out of a known number of things that come one by one, in constant memory. */
import type { Check } from "../../options.js";
import { shown, wrong } from "../../options.js";
import type { Sample } from "./verify-report.js";

const SHARE = /^(\d+(?:\.\d+)?)%$/;

export const checkSample: Check = (value, name) => {
  const [, digits] = typeof value === "string" ? (SHARE.exec(value) ?? []) : [];
  const isShare = digits !== undefined && Number(digits) > 0 && Number(digits) <= 100;
  if (isShare || (Number.isSafeInteger(value) && Number(value) > 0)) return;
  throw wrong(`${name} must be a whole number from 1 on, or a share such as "5%", is ${shown(value)}.`);
};

/** How many of `total` the sample holds; a share is rounded up, so that it is never nothing of something. */
export function sampleSize(sample: Sample, total: number): number {
  const [, digits] = SHARE.exec(String(sample)) ?? [];
  return Math.min(total, digits === undefined ? Number(sample) : Math.ceil((total * Number(digits)) / 100));
}

/**
 * A function to call once for each of `total` things, in any order: `true` for `size` of them, each set of that size
 * being as likely as any other (Knuth's selection sampling). Things beyond the total are not picked.
 */
export function sampler(size: number, total: number, random: () => number): () => boolean {
  let wanted = size;
  let left = total;
  return () => {
    // The last ones are picked if they are needed, whatever `random` gives.
    const isPicked = wanted > 0 && (wanted >= left || random() * left < wanted);
    left--;
    if (isPicked) wanted--;
    return isPicked;
  };
}
