/**
 * Group commit: small writes that arrive while others are being committed share one transaction, and so one flush to the
 * disk. Each is still all or nothing. If one of a group fails, the transaction undoes them all, and each then runs by itself.
 */
import { hasCode } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { translate } from "./failure.js";
import type { StoreName, Tx } from "./schema.js";

/** Runs `work` in one transaction. */
export type Transact = <T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call: Call) => Promise<T>;

/** Most bytes of a group. A larger write begins a transaction of its own at once: it must not hold up the others. */
const GROUP_BYTES = 1024 * 1024;
/** Most writes of a group. */
const GROUP_SIZE = 64;

interface Write {
  readonly stores: readonly StoreName[];
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly call: Call;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export function groupCommits(transact: Transact): Transact {
  const waiting: Write[] = [];
  let isBusy = false;

  const runOne = async ({ stores, work, call, resolve, reject }: Write): Promise<void> =>
    transact(stores, work, call).then(resolve as (result: unknown) => void, reject);
  const runGroup = async (group: readonly Write[]): Promise<void> => {
    const stores = [...new Set(group.flatMap((write) => write.stores))];
    let isDone = false;
    const work = async (tx: Tx): Promise<readonly unknown[]> => {
      const results = await Promise.all(group.map((write) => write.work(tx)));
      isDone = true;
      return results;
    };
    try {
      const results = await transact(stores, work, { bytes: bytesOf(group) });
      for (const [n, write] of group.entries()) write.resolve(results[n] as never);
    } catch (error) {
      // The work was done and the commit failed. Unless space ran out it may have been made after all, and a second try would
      // then conflict with the first.
      if (isDone && !hasCode(error, "QUOTA")) {
        for (const { call, reject } of group) reject(await translate((error as Error).cause, call));
      } else await Promise.all(group.map(runOne));
    }
  };
  const drain = async (): Promise<void> => {
    isBusy = true;
    for (let group = takeGroup(waiting); group.length > 0; group = takeGroup(waiting)) {
      await (group.length > 1 ? runGroup(group) : Promise.all(group.map(runOne)));
    }
    isBusy = false;
  };
  return (stores, work, call) => {
    if ((call.bytes ?? 0) > GROUP_BYTES) return transact(stores, work, call);
    return new Promise((resolve, reject) => {
      waiting.push({ stores, work, call, resolve, reject });
      if (!isBusy) void drain();
    });
  };
}

/** The first ones that can share a transaction. They run side by side in it, so each must be about something else. */
function takeGroup(waiting: Write[]): readonly Write[] {
  const subjects = new Set<string>();
  let bytes = 0;
  let count = 0;
  for (const { call } of waiting) {
    const subject = subjectOf(call);
    bytes += call.bytes ?? 0;
    const fits = subject !== undefined && !subjects.has(subject) && bytes <= GROUP_BYTES && count < GROUP_SIZE;
    if (count > 0 && !fits) break;
    count++;
    if (subject === undefined) break;
    subjects.add(subject);
  }
  return waiting.splice(0, count);
}

/** What a write is about; `undefined` if it can't share a transaction. */
function subjectOf({ id, key, signal }: Call): string | undefined {
  return (id === undefined && key === undefined) || signal?.aborted ? undefined : JSON.stringify([id, key]);
}

function bytesOf(group: readonly Write[]): number {
  return group.reduce((sum, { call }) => sum + (call.bytes ?? 0), 0);
}
