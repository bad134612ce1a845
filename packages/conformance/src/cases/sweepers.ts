/** Several archivers sweep one store at once, each through an instance of its own. */
import { type ArchiveSink, OUTPUT, type Ports } from "@session-archiver/core";
import { isRecordKey } from "@session-archiver/core/format";
import { about, type Case, type Note } from "../case.js";
import { offering, type Subject } from "../subject.js";
import { check, equal } from "../support/assert.js";
import { all, upTo } from "../support/data.js";
import { archiveKeys, archiverOn, makeSession, readsAs, transcript } from "../support/session.js";

const test = about("Several sweepers");
const PORTS = ["objects", "blobs", "archives"] as const;

const SWEEPERS = 4;
const SESSIONS = 50;
/** Of what several sweepers archive, the part that may be in vain where they share the work. */
const MOST_IN_VAIN = 0.02;
/** An archive with its manifest inline. */
const KEYS_EACH = 1;

const contentOf = (n: number): Uint8Array => transcript(500 + 40 * n, n + 1);

/** Sweeps, and fails if anything is lost or there twice. Gives the number of archives that were made in vain. */
async function sweepTogether(
  subject: Subject & Ports,
  peer: () => Promise<Partial<Ports>>,
  note: Note,
): Promise<number> {
  for (const n of upTo(SESSIONS)) await makeSession(subject, `s${n}`, contentOf(n));
  let puts = 0;
  const counting = (archives: ArchiveSink): ArchiveSink => ({
    put(key, body, op) {
      if (!isRecordKey(key)) puts++;
      return archives.put(key, body, op);
    },
    stat: (key, op) => archives.stat(key, op),
    read: (key, range, op) => archives.read(key, range, op),
    delete: (key, op) => archives.delete(key, op),
    list: (prefix, op) => archives.list(prefix, op),
  });
  const instances = [
    subject,
    ...(await Promise.all(upTo(SWEEPERS - 1).map(async () => offering(await peer(), PORTS)))),
  ];
  const archivers = instances.map(({ objects, blobs, archives }) =>
    archiverOn({ objects, blobs, archives: counting(archives) }),
  );
  const reports = await Promise.all(archivers.map((archiver) => archiver.sweep()));
  const [first] = archivers;
  check(first !== undefined, "there are sweepers.");
  const sum = (count: "archivedCount" | "failedCount"): number =>
    reports.reduce((total, report) => total + report[count], 0);
  equal(
    reports.flatMap(({ failures }) => failures),
    [],
    "failures",
  );
  equal(sum("archivedCount"), SESSIONS, "sessions archived by all sweepers together");
  for (const n of upTo(SESSIONS)) {
    const { state } = await first.info(`s${n}`);
    equal(state, "archived", `the state of "s${n}"`);
    equal(await subject.blobs.stat({ id: `s${n}`, name: OUTPUT }), undefined, `the live output of "s${n}"`);
    await readsAs(first, `s${n}`, contentOf(n), `"s${n}" after all sweeps`);
  }
  equal((await archiveKeys(subject.archives)).length, KEYS_EACH * SESSIONS, "keys in the sink");
  equal((await all(subject.objects.list({ archived: false }))).length, 0, "sessions left");
  const inVain = Math.ceil(puts / KEYS_EACH) - SESSIONS;
  note(`${SWEEPERS} sweepers made ${inVain} archives in vain beside ${SESSIONS}`);
  return inVain;
}

export const sweeperCases: readonly Case[] = [
  test(
    [...PORTS, "peer"],
    "of several sweepers at once one archives each session, and nothing is lost",
    async (subject, note) => {
      await sweepTogether(subject, subject.peer, note);
    },
  ),

  test(
    [...PORTS, "claim", "peer"],
    "several sweepers share the work: next to nothing is archived in vain",
    async (subject, note) => {
      const inVain = await sweepTogether(subject, subject.peer, note);
      check(inVain <= MOST_IN_VAIN * SESSIONS, `${inVain} archives were made in vain beside ${SESSIONS}.`);
    },
  ),
];
