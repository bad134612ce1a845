/** Compares claims with the measured values. */
import type { Claim, PartReport, Series } from "./series.js";
import { median, pairedRatio } from "./statistics.js";

export interface Judgement {
  readonly claim: Claim;
  /** The measured value in the claim's unit; `undefined` if one of its series has no samples. */
  readonly measured: number | undefined;
  /** `undefined` if it could not be judged. */
  readonly met: boolean | undefined;
}

/** Returns verdicts in the order of the claims. Throws if a claim names an unknown series, since it could never fail. */
export function judge({ series, claims }: Pick<PartReport, "series" | "claims">): readonly Judgement[] {
  const named = (name: string): Series => {
    const found = series.find((each) => each.name === name);
    if (!found) throw new Error(`A claim is about "${name}", which was not measured.`);
    return found;
  };
  return claims.map((claim) => {
    const measured = measure(claim, named(claim.of), "than" in claim ? named(claim.than) : undefined);
    if (measured === undefined || Number.isNaN(measured)) return { claim, measured: undefined, met: undefined };
    return { claim, measured, met: "atLeast" in claim ? measured >= claim.atLeast : measured <= claim.atMost };
  });
}

function measure(claim: Claim, of: Series, than: Series | undefined): number | undefined {
  switch (claim.kind) {
    case "speed":
      return than && pairedRatio(rates(of), rates(than));
    case "size":
      return than && pairedRatio(of.samples, than.samples);
    case "ms":
      return median(of.samples) * 1000;
    case "rate":
      return median(rates(of));
    case "peak MiB":
      return of.peaksMiB.length === 0 ? undefined : Math.max(...of.peaksMiB);
  }
}

/** The work per second of each round, or rounds per second if no work is given. */
export function rates({ samples, work }: Series): readonly number[] {
  return samples.map((seconds) => (work?.amount ?? 1) / seconds);
}
