/** Operations that are stopped half-way and left so, each in a database of its own, and the check of what they left. */

import { deleteIndexedDb, type IndexedDbStore, openIndexedDb } from "@session-archiver/adapter-indexeddb";
import { type Archiver, codeOf, createArchiver, type ErrorCode, type Ports } from "@session-archiver/core";
import { cutAt, type Points, withSteps } from "./cut-ports.js";
import { contentsOf, locksReleased } from "./leftovers.js";
import { type Scenario, scenarioNamed } from "./scenarios.js";
import { plus, type Sum } from "./sessions.js";
import { checkPurged, checkWhole, must } from "./whole.js";

/** An operation that was stopped. */
export interface Stopped {
  readonly database: string;
  readonly scenario: string;
  readonly at: number;
  readonly point: string;
  /** What the session held before. */
  readonly before: Sum;
}

/** How an operation ended: done, or with this code. */
export type Outcome = ErrorCode | "done";

/** Databases worked on at a time. */
const AT_ONCE = 4;

const underWay: { readonly goOn: () => void; readonly outcome: Promise<Outcome> }[] = [];

export const crashCommands = {
  /** At how many points the operation can be stopped. */
  async countPoints(name: string, which?: Points): Promise<number> {
    const scenario = scenarioNamed(name);
    const database = `count ${name}`;
    const { store } = await prepared(database, scenario);
    const { step, count } = cutAt(Number.POSITIVE_INFINITY, which);
    await scenario.operate(createArchiver(withSteps(portsOf(store), step)));
    await store.close();
    await deleteIndexedDb(database);
    return count();
  },

  /** Resolves once the operation has stopped at each of these points; all of them are then still under way. */
  async stopAt(name: string, points: readonly number[], which?: Points): Promise<Stopped[]> {
    const scenario = scenarioNamed(name);
    const stopped: Stopped[] = [];
    await forEach(points, async (at) => {
      const database = `${name} ${at}`;
      const { store, before } = await prepared(database, scenario);
      const cut = cutAt(at, which);
      const outcome = outcomeOf(scenario, createArchiver(withSteps(portsOf(store), cut.step)));
      underWay.push({ goOn: cut.goOn, outcome });
      const ended = outcome.then((how) => Promise.reject(new Error(`"${name}" ended before point ${at}: ${how}.`)));
      ended.catch(() => {}); // it ends in time once it goes on
      const point = await Promise.race([cut.stopped, ended]);
      stopped.push({ database, scenario: name, at, point, before });
    });
    return stopped;
  },

  /** Lets all that was stopped go on to its end. */
  async goOn(): Promise<Outcome[]> {
    const all = underWay.splice(0);
    for (const { goOn } of all) goOn();
    return Promise.all(all.map(({ outcome }) => outcome));
  },

  /** Does another operation, from start to end, on what is stopped in the middle of one. */
  async operateOn(stopped: readonly Stopped[], name: string): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    await forEach(stopped, async ({ database }) => {
      const store = await openIndexedDb(database, { durability: "relaxed" });
      outcomes.push(await outcomeOf(scenarioNamed(name), createArchiver(store)));
      await store.close();
    });
    return outcomes;
  },

  /** Rejects unless everything is there that was, all of it works, and nothing is left over. `appended`: was acknowledged since. */
  async checkAfter(stopped: readonly Stopped[], appended?: string): Promise<void> {
    await forEach(stopped, async ({ database, scenario, at, point, before }) => {
      try {
        await checkOne(database, scenarioNamed(scenario), before, appended);
      } catch (cause) {
        throw new Error(`"${scenario}", stopped ${point} (point ${at}): ${(cause as Error).stack}`, { cause });
      }
    });
  },
};

async function outcomeOf(scenario: Scenario, archiver: Archiver): Promise<Outcome> {
  try {
    await scenario.operate(archiver);
    return "done";
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

async function checkOne(database: string, scenario: Scenario, before: Sum, appended?: string): Promise<void> {
  await locksReleased(database);
  const store = await openIndexedDb(database, { durability: "relaxed" });
  const { loose } = await contentsOf(database);
  must(loose === 0, `${loose} contents are left that nothing refers to`);
  const longer = (text: string): Sum => plus(before, new TextEncoder().encode(text));
  const allowed = appended !== undefined ? [longer(appended)] : [before, longer(scenario.adds ?? "")];
  if (scenario.purges) await checkPurged(store, "s", before);
  else await checkWhole(store, "s", allowed);
  for await (const { id } of store.objects.list()) if (id !== "s") await checkWhole(store, id, [before]);
  const { named, stored } = await contentsOf(database);
  must(named === stored, `${stored} bytes are stored, of which ${named} belong to something`);
  await store.close();
}

async function prepared(
  database: string,
  scenario: Scenario,
): Promise<{ readonly store: IndexedDbStore; readonly before: Sum }> {
  const store = await openIndexedDb(database, { durability: "relaxed" });
  return { store, before: await scenario.prepare(createArchiver(store), store) };
}

function portsOf({ objects, blobs, archives }: IndexedDbStore): Ports {
  return { objects, blobs, archives };
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
