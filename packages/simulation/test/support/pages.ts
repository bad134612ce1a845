/** The pages that say which weakened rule was found after how many schedules. */

import type { CoreMutant } from "../../src/mutants/core-mutant.js";
import type { Caught } from "../../src/processes/job.js";

export type Found = ReadonlyMap<string, Caught>;

const RULES = "https://github.com/session-archiver/session-archiver/blob/main/docs/crash-safety.md";

export function simulationPage(mutants: readonly CoreMutant[], caught: Found): string {
  return `# Weakened rules

Each of these ${mutants.length} is core with one of its [rules](${RULES})
weakened, and the number of schedules after which the simulation found it: from seed 1 on, one seed after the other. Half of
them were found within ${middle(mutants, caught)}. Core as it is passes all schedules. This page is made and checked by
\`test/session.test.ts\`, on the seeds that found them before; \`SESSION_ARCHIVER_SEARCH=1\` searches from seed 1 on.

${table(mutants, caught)}
`;
}

export function storesPage(mutants: readonly CoreMutant[], caught: Found): string {
  return `# Stores under simulation

Up to three catalogues, each a store of objects and live bytes with metadata of its own, share two sinks. Hosts write;
keepers archive, sweep, prune, undo, purge, restore, pin, remove, collect and catch up, step by step in a seeded order; processes
die before any port call. Between rounds, or in the middle of one, a catalogue is lost (a new, empty one is there instead), copied
(a second machine goes on with the copy, identity included), set back to its state after any earlier write, or two exchange their sinks.

## The law

An all-knowing observer sees every write of every catalogue to every sink, those too that a catalogue has forgotten since.

- **No line is lost.** Each line that was acknowledged is in a sink, as part of an archive object of its session, or in a live blob
  of a catalogue that exists. It is looked for after every delete.
- **Until it is given up.** By a remove: what the removing catalogue's session holds. By a purge: what the purging catalogue's
  session held in its archive, provided that nobody had taken back the tombstone it acted on, with the same sink, before the purge
  began; not by an undo, by new output or by a catch-up, in a copy of the catalogue or in the catalogue itself before it was set
  back. What happens at the same time on two machines may have happened in either order.
- **Live bytes go with their catalogue.** What lies only in the live blobs of a catalogue that is lost or set back is lost with
  it: people have done that. What a catalogue has brought back to life (by a restore, or because it was set back to before the
  archive) is live.
- **Each catalogue reads its own sessions right:** the lines that were written to it, in order, once, and no others; as they
  were then, if it was set back. A session that names an archive object which another machine has given up
  answers \`CORRUPT\` or \`PRUNED\`, never with wrong bytes. One that nothing was done to reads whole.
- **Nothing is left over.** Where no catalogue was lost, copied, set back or swapped, and each has a sink of its own, a gc leaves
  exactly the keys that sessions name, and run records; also after processes have died, but for what a dead archiver has left of
  a session that was removed or purged beside it: that is reported as unknown.

## Weakened rules

Each of these ${mutants.length} is core with one rule weakened, and the number of schedules after which the simulation found it, from seed 1
on. Half of them were found within ${middle(mutants, caught)}. Core as it is passes all schedules. This page is made and checked by
\`test/stores.test.ts\`, on the seeds that found them before; \`SESSION_ARCHIVER_SEARCH=1\` searches from seed 1 on.

${table(mutants, caught)}
`;
}

export function importsPage(mutants: readonly CoreMutant[], caught: Found): string {
  return `# Imports under simulation

One session, and the source that it is imported from. An author appends to the source, cuts off its head, or takes its last line back;
importers take it in as it is then, as a source or as a stream, while others archive, restore, settle, sweep, collect, prune, undo, read,
and write lines of their own, step by step in a seeded order. Processes stall, and die before any port call; power is cut; calls fail.

## The law

It is looked for after every write.

- **The output is always what the source was** when some import looked at it, or nothing yet; behind it may be lines that a writer has
  added since, each once. The same holds of every version that is kept, and of every read, whatever happens while it reads.
- **What was acknowledged is there.** What an import was told of, and each line that a writer was told of, is in the output or in a version
  that is kept: an import's bytes as the beginning of it.
- **Nothing that is named is gone,** and the sidecar stays as it is.
- **The next import finishes it.** Whatever has died half-way: after one more import, a settle and an archive the session verifies, its
  lines are counted, each version reads as it was, and a gc leaves exactly the keys that are named.

## Weakened rules

Each of these ${mutants.length} is core with one rule weakened, and the number of schedules after which the simulation found it, from seed 1
on. Half of them were found within ${middle(mutants, caught)}. Core as it is passes all schedules. This page is made and checked by
\`test/imports.test.ts\`, on the seeds that found them before; \`SESSION_ARCHIVER_SEARCH=1\` searches from seed 1 on.

${table(mutants, caught)}
`;
}

function table(mutants: readonly CoreMutant[], caught: Found): string {
  const rows = mutants.map(
    ({ name, weakens }) => `| \`${name}\` | ${escaped(weakens)} | ${countOf(caught.get(name))} |`,
  );
  return `| mutant | the rule, and what is done instead | schedules |
| --- | --- | ---: |
${rows.join("\n")}`;
}

function middle(mutants: readonly CoreMutant[], caught: Found): string {
  const counts = mutants
    .map(({ name }) => caught.get(name)?.schedules ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  return (counts[counts.length >> 1] ?? 0).toLocaleString("en");
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
