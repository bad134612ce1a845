/** How many cases are drawn at random: few as a rule, `SESSION_ARCHIVER_FUZZ` times as many where it is set. */
const FUZZ: number = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);

/** For fast-check. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: count * FUZZ };
}

/** Everything at length, as in the proof lane. */
export const AT_LENGTH: boolean = process.env["SESSION_ARCHIVER_AT_LENGTH"] !== undefined;
