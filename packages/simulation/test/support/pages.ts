/** The pages that list the weakened rules, and after how many schedules each was found. */

import type { Mutant } from "../../src/mutants/core-mutant.js";
import type { Caught } from "../../src/processes/job.js";

export type Found = ReadonlyMap<string, Caught>;

const RULES = "https://github.com/session-archiver/session-archiver/blob/main/docs/crash-safety.md";

export function simulationPage(mutants: readonly Mutant[], caught: Found): string {
  return `# Weakened rules

Each of these ${mutants.length} mutants is core with one of its [rules](${RULES})
weakened. The last column is the number of schedules after which the simulation found it, counted from seed 1. Half of them were
found within ${middle(mutants, caught)} schedules. Unchanged core passes all schedules. \`test/session.test.ts\` makes and checks this page,
with the seeds that found the mutants before. \`SESSION_ARCHIVER_SEARCH=1\` searches again from seed 1.

${table(mutants, caught)}
`;
}

export function storesPage(mutants: readonly Mutant[], caught: Found): string {
  return `# Stores under simulation

Up to three catalogues share two sinks. Each catalogue is a store of objects and live bytes, with metadata of its own. Hosts write.
Keepers archive, sweep, prune, undo, purge, restore, pin, remove, run a gc and catch up, step by step in a seeded order. Processes
die before any port call. Between rounds, or in the middle of one, a catalogue is lost (an empty one replaces it), copied (a second
machine uses the copy, with the same identity), or set back to its state after any earlier write, or two exchange their sinks.

## The law

An all-knowing observer sees every write of every catalogue to every sink, including those that a catalogue has forgotten since.

- **No line is lost.** Each line that was acknowledged is in a sink, as part of an archive object of its session, or in a live blob
  of a catalogue that exists. The observer checks this after every delete.
- **Until it is given up.** A remove gives up the lines that the removing catalogue's session holds. A purge gives up the lines
  that the purging catalogue's session held in its archive, provided that its tombstone had not been taken back, with the same
  sink, before the purge began. An undo, new output or a catch-up takes a tombstone back, in a copy of the catalogue or in the
  catalogue itself before it was set back. Events at the same time on two machines may have happened in either order.
- **Live bytes go with their catalogue.** If a catalogue is lost or set back, the lines that were only in its live blobs are lost
  with it: a person did that. Lines that a catalogue has made live again (by a restore, or because it was set back to before the
  archive) are live.
- **Each catalogue reads its own sessions right:** the lines that were written to it, in order, once, and no others. If it was
  set back, it gives the earlier lines. If another machine has given up an archive object that a session names, reads
  fail with \`CORRUPT\` or \`PRUNED\`, and never give wrong bytes. An undisturbed session reads whole.
- **Nothing is left over.** If no catalogue was lost, copied, set back or swapped, and each has a sink of its own, a gc leaves
  exactly the keys that sessions name, and run records, even after processes have died. One exception: an archiver may die while
  its session is removed or purged. Its archive is reported as unknown.

## Weakened rules

Each of these ${mutants.length} mutants is core with one rule weakened. The last column is the number of schedules after which the simulation
found it, counted from seed 1. Half of them were found within ${middle(mutants, caught)} schedules. Unchanged core passes all schedules.
\`test/stores.test.ts\` makes and checks this page, with the seeds that found the mutants before. \`SESSION_ARCHIVER_SEARCH=1\` searches
again from seed 1.

${table(mutants, caught)}
`;
}

export function importsPage(mutants: readonly Mutant[], caught: Found): string {
  return `# Imports under simulation

One session, and the source that it is imported from. An author appends to the source, cuts off its head, or takes its last line back.
Importers take it in, as a source or as a stream, while other processes archive, restore, settle, sweep, run a gc, prune, undo, read,
and write lines of their own, step by step in a seeded order. Processes stall, and die before any port call; power is cut; calls fail.

## The law

It is checked after every write.

- **The output is always some state of the source** that an import has read, or still empty. After it may come lines that a writer has
  added since, each once. The same holds for every kept version, and for every read, whatever happens during the read.
- **Acknowledged bytes are there.** The bytes of each acknowledged import are the beginning of the output or of a kept version. Each
  acknowledged line of a writer is in the output or in a kept version.
- **No named object is missing,** and the sidecar does not change.
- **The next import finishes the work,** wherever processes died. After one more import, a settle and an archive the session verifies,
  its lines are counted, each version reads as before, and a gc leaves exactly the named keys.

## Weakened rules

Each of these ${mutants.length} mutants is core with one rule weakened. The last column is the number of schedules after which the simulation
found it, counted from seed 1. Half of them were found within ${middle(mutants, caught)} schedules. Unchanged core passes all schedules.
\`test/imports.test.ts\` makes and checks this page, with the seeds that found the mutants before. \`SESSION_ARCHIVER_SEARCH=1\` searches
again from seed 1.

${table(mutants, caught)}
`;
}

export function foreignPage(mutants: readonly Mutant[], caught: Found): string {
  return `# Foreign writers under simulation

A unit of one or two files, and up to two programs that write to them without a lock of ours. W1 opens, appends and closes each time.
W2 holds an open file under a lock that can be tested. W3 replaces the file by a rename. W4 rewrites it in place, also with its mtime
kept. W5 holds an open file that nobody can see. Runs of ours finish what is held aside, archive, and take the files away by
[the claim rule](../agent-folders/src/claim), others restore; one step at a time, in a seeded order. Processes stand still, die before any
call to the disk, and find calls failing; the power is cut; days pass, and the clock goes back. The disk is
[one in memory](../test-kit/src/simulated-files), with inodes, open files that outlive their names, and a clock that stands still for up
to a second. The archive is one in memory, too, which judges by content what it is given.

## The law

- **No line is lost.** Each line that a program has written is in the archive, or in a file that has a name, until a program takes it away
  itself. It is checked whenever a file loses its last name, after each write to a file without a name, and after each death. A file
  without a name that one of our processes has open counts as long as it is open: the last look is still to come.
- **Nothing is renamed over** by us.
- **Later runs end everything.** When all programs have stopped, six more runs leave nothing aside. If they go on taking files away, they
  leave nothing in the places either, and a restore gives back exactly what is archived.
- **Nothing is doubled**, and each program's lines are in order, in every version and in the place, where programs only append (W1, W2,
  W5). One exception: W1 opens a file, which is moved away before W1 writes. That line may come behind later ones.

What is not promised:

- **W5** loses what it writes to a file after that was released. It also loses what it writes between the last comparison and the unlink
  if our process dies, the disk fails, or another run of ours removes the empty folder, just then.
- **Two runs of ours at the same time** on one file lose nothing. But the file may come to have two contents, or stay aside.
- **A day never passes** while a program is between opening and writing, in the few seconds before W2 has its lock, or while a run has
  asked for that lock and has not acted on the answer yet.

## Weakened rules

Each of these ${mutants.length} mutants is the claim rule with one part weakened. The last column is the number of schedules after which the
simulation found it, counted from seed 1. Half of them were found within ${middle(mutants, caught)} schedules. The unchanged rule passes all schedules.
\`test/foreign.test.ts\` makes and checks this page, with the seeds that found the mutants before. \`SESSION_ARCHIVER_SEARCH=1\` searches
again from seed 1.

${table(mutants, caught)}
`;
}

function table(mutants: readonly Mutant[], caught: Found): string {
  const rows = mutants.map(
    ({ name, weakens }) => `| \`${name}\` | ${escaped(weakens)} | ${countOf(caught.get(name))} |`,
  );
  return `| mutant | the rule, and what the mutant does instead | schedules |
| --- | --- | ---: |
${rows.join("\n")}`;
}

function middle(mutants: readonly Mutant[], caught: Found): string {
  const counts = mutants
    .map(({ name }) => caught.get(name)?.schedules ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  return (counts[counts.length >> 1] ?? 0).toLocaleString("en");
}

/** The seed that found each mutant, from the present page. */
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
