/** The suite for a test runner. The caller passes the runner, so the suite depends on none of them. */
import { cases } from "./cases/index.js";
import { missingFor, type RunOptions, runCase } from "./run.js";
import { DEFAULT_OFFERS, type Setup } from "./subject.js";

type DefineTest = (name: string, body: () => Promise<void>) => unknown;

/** `describe` and `test` of Vitest, node:test, Jest, Mocha (`it`) or a similar runner. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  /** With `skip`, cases that need a feature which the adapter doesn't offer are shown as skipped. */
  readonly test: DefineTest & { readonly skip?: DefineTest };
}

/** Defines a test for each case; each calls `setup` for a store of its own. */
export function conformance(
  runner: Runner,
  name: string,
  setup: Setup,
  options: Pick<RunOptions, "offers" | "cases"> = {},
): void {
  const { describe, test } = runner;
  const offers = options.offers ?? DEFAULT_OFFERS;
  const concerns = Map.groupBy(options.cases ?? cases, (testCase) => testCase.concern);
  describe(name, () => {
    for (const [concern, group] of concerns) {
      describe(concern, () => {
        for (const testCase of group) {
          const define = missingFor(testCase, offers).length === 0 ? test : test.skip;
          define?.(testCase.name, () => runCase(testCase, setup, offers));
        }
      });
    }
  });
}
