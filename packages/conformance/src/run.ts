/** Runs cases without a test runner. */
import type { Case, Note } from "./case.js";
import { cases } from "./cases/index.js";
import { checkOffers, DEFAULT_OFFERS, type Feature, type Setup } from "./subject.js";
import { attempt } from "./support/assert.js";

export interface CaseResult {
  readonly concern: string;
  readonly name: string;
  /** `skipped`: the adapter doesn't offer what the case needs. */
  readonly outcome: "passed" | "failed" | "skipped";
  readonly durationMs: number;
  /** What the case has measured, if anything. */
  readonly note?: string;
  /** What was wrong, if it failed. */
  readonly error?: unknown;
  /** What the adapter doesn't offer, if it was skipped. */
  readonly missing?: readonly Feature[];
}

export interface RunOptions {
  /** What the adapter offers; default {@link DEFAULT_OFFERS}. */
  readonly offers?: readonly Feature[] | undefined;
  /** Default: all. */
  readonly cases?: readonly Case[] | undefined;
  /** A case that takes longer has failed; default 60,000 ms. */
  readonly timeoutMs?: number | undefined;
}

/** The features that the case needs and the adapter doesn't offer. If there are none, it can be run. */
export function missingFor(testCase: Case, offers: readonly Feature[]): readonly Feature[] {
  return testCase.needs.filter((feature) => !offers.includes(feature));
}

/** Runs one case on a store of its own; rejects with what was wrong. */
export async function runCase(
  testCase: Case,
  setup: Setup,
  offers: readonly Feature[] = DEFAULT_OFFERS,
  note?: Note,
): Promise<void> {
  const subject = await setup();
  const result = await attempt(async () => {
    checkOffers(subject, offers);
    await testCase.run(subject, note);
  });
  const closed = await attempt(async () => subject.close?.());
  // The case's own failure says more than a later failure of `close`.
  for (const outcome of [result, closed]) if ("error" in outcome) throw outcome.error;
}

/** Runs the cases one after the other, and gives each result as it comes. Never throws for a failing case. */
export async function* runAll(setup: Setup, options: RunOptions = {}): AsyncGenerator<CaseResult, void, undefined> {
  const offers = options.offers ?? DEFAULT_OFFERS;
  for (const testCase of options.cases ?? cases) {
    const { concern, name } = testCase;
    const missing = missingFor(testCase, offers);
    if (missing.length > 0) {
      yield { concern, name, outcome: "skipped", durationMs: 0, missing };
      continue;
    }
    const start = performance.now();
    const notes: string[] = [];
    const running = (): Promise<void> => runCase(testCase, setup, offers, (text) => void notes.push(text));
    const result = await attempt(() => withTimeout(running(), options.timeoutMs ?? 60_000));
    const durationMs = performance.now() - start;
    const note = notes.length > 0 ? { note: notes.join("; ") } : {};
    if ("error" in result) yield { concern, name, outcome: "failed", durationMs, ...note, error: result.error };
    else yield { concern, name, outcome: "passed", durationMs, ...note };
  }
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done after ${ms} ms: a call never settles.`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
