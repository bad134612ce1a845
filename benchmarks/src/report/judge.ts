/** Holds claims against what was measured. */
import type { Claim, PartReport, Series } from "./series.js";
import { median, pairedRatio } from "./statistics.js";

export interface Judgement {
  readonly claim: Claim;
  /** In the claim's measure; `undefined` if one of its series has no samples. */
  readonly measured: number | undefined;
  /** `undefined`: could not be judged. */
  readonly met: boolean | undefined;
}

/** In the order of the claims. Throws if one names a series that isn't there: it could never fail. */
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

/** Work per second of each round; rounds per second where no work is given. */
export function rates({ samples, work }: Series): readonly number[] {
  return samples.map((seconds) => (work?.amount ?? 1) / seconds);
}
