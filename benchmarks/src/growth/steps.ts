/** The steps in the life of a store, each of which is to cost what it touches. */
import type { Archiver } from "@session-archiver/core";
import { ACTIVE_MS, addSessions, DAY_MS } from "./made-sessions.js";

/** A store with sessions that go through all steps, one after the other. */
export interface Stage {
  readonly archiver: Archiver;
  readonly sessions: number;
  /** The archiver's clock. */
  setNow(ms: number): void;
  /** An archiver with the same archives, and without a catalogue. */
  withoutCatalogue(): Promise<Archiver>;
}

export type Law = "linear" | "constant";

export interface Step {
  readonly name: string;
  /** What it touches: a number of sessions that depends on how many there are, or not. */
  readonly law: Law;
  /** From how many sessions on that holds; with fewer, it may be linear. */
  readonly from?: number;
  /** Makes ready what is not to be measured. */
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  readonly run: (stage: Stage) => Promise<unknown>;
}

const INACTIVE_DAYS = 10;
const TEN = 10;
/** A prune looks at the oldest 1,000 archives first. */
const LOOKED_AT_FIRST = 1100;
const NO_CAP = { inactiveDays: INACTIVE_DAYS, maxTotalBytes: Number.POSITIVE_INFINITY };

const addIdle = (prefix: string) => (stage: Stage) =>
  addSessions(stage.archiver, prefix, TEN, ACTIVE_MS - 2 * INACTIVE_DAYS * DAY_MS);

async function sweep({ archiver }: Stage, wanted: number): Promise<void> {
  const { archivedCount, failedCount } = await archiver.sweep(NO_CAP);
  expectCount("archived", archivedCount, wanted);
  expectCount("failed", failedCount, 0);
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let number = 0;
  for await (const _ of items) number++;
  return number;
}

async function list({ archiver, sessions }: Stage, more: number): Promise<void> {
  expectCount("listed", await count(archiver.list()), sessions + more);
}

/** The cap that lets all archives stay but this many, which are all about as large. */
async function capWithout({ archiver, sessions }: Stage, count: number): Promise<number> {
  let bytes = 0;
  for await (const { archiveBytes } of archiver.list()) bytes += archiveBytes;
  const all = sessions + 2 * TEN;
  return Math.ceil((bytes * (all - count)) / all);
}

function planOfPrune(name: string, law: Law, share: (sessions: number) => number): Step {
  let cap = 0;
  return {
    name,
    law,
    from: LOOKED_AT_FIRST,
    prepare: async (stage) => {
      cap = await capWithout(stage, share(stage.sessions));
    },
    run: async ({ archiver, sessions }) => {
      const wanted = share(sessions);
      const found = await count(archiver.plan({ inactiveDays: INACTIVE_DAYS, maxTotalBytes: cap }));
      if (Math.abs(found - wanted) > 1 + wanted / 10) expectCount("planned", found, wanted);
    },
  };
}

function half(sessions: number): number {
  return Math.floor(sessions / 2);
}

function pruneHalf(): Step {
  let cap = 0;
  return {
    name: "prune of half",
    law: "linear",
    prepare: async (stage) => {
      cap = await capWithout(stage, half(stage.sessions));
    },
    run: ({ archiver }) => archiver.prune({ maxTotalBytes: cap, tombstonesOnly: true }),
  };
}

/** How a step's costs may grow from this number of sessions on. */
export function lawFrom({ law, from = 0 }: Step, sessions: number): Law {
  return sessions < from ? "linear" : law;
}

/** A new list, as steps hold what they have made ready. */
export function steps(): readonly Step[] {
  return [
    {
      name: "import",
      law: "linear",
      run: ({ archiver, sessions }) => addSessions(archiver, "all", sessions, ACTIVE_MS),
    },
    { name: "list of live ones", law: "linear", run: (stage) => list(stage, 0) },
    { name: "sweep of none", law: "constant", run: (stage) => sweep(stage, 0) },
    {
      name: "sweep of 10 among live ones",
      law: "constant",
      prepare: addIdle("one"),
      run: (stage) => sweep(stage, TEN),
    },
    {
      name: "sweep of all",
      law: "linear",
      prepare: async ({ setNow }) => setNow(ACTIVE_MS + 2 * INACTIVE_DAYS * DAY_MS),
      run: (stage) => sweep(stage, stage.sessions),
    },
    {
      name: "sweep of 10 among archives",
      law: "constant",
      prepare: addIdle("two"),
      run: (stage) => sweep(stage, TEN),
    },
    { name: "list", law: "linear", run: (stage) => list(stage, 2 * TEN) },
    {
      name: "verify",
      law: "linear",
      run: async ({ archiver, sessions }) => {
        expectCount("verified", (await archiver.verifyAll()).checked, sessions + 2 * TEN);
      },
    },
    planOfPrune("plan of a prune of 10", "constant", () => TEN),
    planOfPrune("plan of a prune of half", "linear", half),
    pruneHalf(),
    {
      name: "purge of half",
      law: "linear",
      run: ({ archiver }) => archiver.prune({ maxTotalBytes: Number.POSITIVE_INFINITY, graceDays: 0 }),
    },
    { name: "gc", law: "linear", run: ({ archiver }) => archiver.gc({ graceDays: 0 }) },
    {
      name: "rebuild",
      law: "linear",
      run: async (stage) => (await stage.withoutCatalogue()).rebuild(),
    },
  ];
}

function expectCount(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${found} sessions were ${what}, not ${wanted}.`);
}
