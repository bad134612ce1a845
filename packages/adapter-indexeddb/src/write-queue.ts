/**
 * Group commit: small writes that arrive while others are being committed share one transaction, and with it one flush to
 * the disk. Each is still all or nothing: if one of them goes wrong, none has been done, and each is tried by itself.
 */
import { hasCode } from "@session-archiver/core/adapter";
import type { Call } from "./database.js";
import { translate } from "./failure.js";
import type { StoreName, Tx } from "./schema.js";

/** Runs `work` in one transaction. */
export type Transact = <T>(stores: readonly StoreName[], work: (tx: Tx) => Promise<T>, call: Call) => Promise<T>;

/** Bytes of those that share a transaction. A write of more has one of its own, at once: it must not hold up the others. */
const SHARED_BYTES = 1024 * 1024;
/** So many share a transaction at most. */
const MOST = 64;

interface Write {
  readonly stores: readonly StoreName[];
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly call: Call;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export function sharing(transact: Transact): Transact {
  const waiting: Write[] = [];
  let isBusy = false;

  const alone = async ({ stores, work, call, resolve, reject }: Write): Promise<void> =>
    transact(stores, work, call).then(resolve as (result: unknown) => void, reject);
  const together = async (group: readonly Write[]): Promise<void> => {
    const stores = [...new Set(group.flatMap((write) => write.stores))];
    let isServed = false;
    const work = async (tx: Tx): Promise<readonly unknown[]> => {
      const results = await Promise.all(group.map((write) => write.work(tx)));
      isServed = true;
      return results;
    };
    try {
      const results = await transact(stores, work, { bytes: bytesOf(group) });
      for (const [n, write] of group.entries()) write.resolve(results[n] as never);
    } catch (error) {
      // A commit that failed in an unknown way may have been made: a second try would meet its own first.
      if (isServed && !hasCode(error, "QUOTA")) {
        for (const { call, reject } of group) reject(await translate((error as Error).cause, call));
      } else await Promise.all(group.map(alone));
    }
  };
  const drain = async (): Promise<void> => {
    isBusy = true;
    for (let group = takeGroup(waiting); group.length > 0; group = takeGroup(waiting)) {
      await (group.length > 1 ? together(group) : Promise.all(group.map(alone)));
    }
    isBusy = false;
  };
  return (stores, work, call) => {
    if ((call.bytes ?? 0) > SHARED_BYTES) return transact(stores, work, call);
    return new Promise((resolve, reject) => {
      waiting.push({ stores, work, call, resolve, reject });
      if (!isBusy) void drain();
    });
  };
}

/** From the front, those that can share a transaction: they run side by side in it, so each must be about something else. */
function takeGroup(waiting: Write[]): readonly Write[] {
  const subjects = new Set<string>();
  let bytes = 0;
  let count = 0;
  for (const { call } of waiting) {
    const subject = subjectOf(call);
    bytes += call.bytes ?? 0;
    const fits = subject !== undefined && !subjects.has(subject) && bytes <= SHARED_BYTES && count < MOST;
    if (count > 0 && !fits) break;
    count++;
    if (subject === undefined) break;
    subjects.add(subject);
  }
  return waiting.splice(0, count);
}

/** What a write is about; `undefined` if it is to be alone. */
function subjectOf({ id, key, signal }: Call): string | undefined {
  return (id === undefined && key === undefined) || signal?.aborted ? undefined : JSON.stringify([id, key]);
}

function bytesOf(group: readonly Write[]): number {
  return group.reduce((sum, { call }) => sum + (call.bytes ?? 0), 0);
}
