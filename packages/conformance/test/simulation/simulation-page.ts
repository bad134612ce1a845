/** The page that says which weakened rule was found after how many schedules. */
import type { Caught } from "../fixtures/simulate.js";
import type { CoreMutant } from "./core-mutant.js";

export function simulationPage(mutants: readonly CoreMutant[], caught: ReadonlyMap<string, Caught>): string {
  const rows = mutants.map(
    ({ name, weakens }) => `| \`${name}\` | ${escaped(weakens)} | ${countOf(caught.get(name))} |`,
  );
  const counts = mutants
    .map(({ name }) => caught.get(name)?.schedules ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  const middle = counts[counts.length >> 1] ?? 0;
  return `# Weakened rules

Each of these ${mutants.length} is core with one of its [rules](https://github.com/session-archiver/session-archiver/blob/main/docs/crash-safety.md)
weakened, and the number of schedules after which the simulation found it: from seed 1 on, one seed after the other. Half of
them were found within ${middle.toLocaleString("en")}. Core as it is passes all schedules. This page is made and checked by
\`test/simulation.test.ts\`, on the seeds that found them before; \`SESSION_ARCHIVER_SEARCH=1\` searches from seed 1 on.

| mutant | the rule, and what is done instead | schedules |
| --- | --- | ---: |
${rows.join("\n")}
`;
}

/** The seed that found each mutant, by an earlier page. */
export function knownSeeds(page: string): ReadonlyMap<string, number> {
  const rows = page.matchAll(/^\| `([a-z-]+)` \|.*\| ([\d,]+) \|$/gm);
  return new Map([...rows].map(([, name = "", count = ""]) => [name, Number(count.replaceAll(",", ""))]));
}

function countOf(caught: Caught | undefined): string {
  return caught?.schedules?.toLocaleString("en") ?? "not found";
}

function escaped(text: string): string {
  return text.replace(/[|<>]/g, "\\$&");
}
