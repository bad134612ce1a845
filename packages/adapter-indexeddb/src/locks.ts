/**
 * Web Locks: held as long as the tab or worker lives, and let go by the browser however it ends, which no clock could
 * tell. Missing in pages that came over plain http.
 */
import { toArchiverError } from "@session-archiver/core/adapter";

function manager(): LockManager | undefined {
  return (globalThis.navigator as { readonly locks?: LockManager } | undefined)?.locks;
}

export function hasLocks(): boolean {
  return manager() !== undefined;
}

/** Takes a lock that nobody else has; call the result to let it go. `UNAVAILABLE` if the page is being left. */
export async function hold(name: string): Promise<() => void> {
  const locks = manager();
  if (!locks) return () => {};
  const done = Promise.withResolvers<void>();
  await new Promise<void>((resolve, reject) => {
    const granted = (): Promise<void> => {
      resolve();
      return done.promise;
    };
    locks.request(name, granted).catch((error: unknown) => reject(toArchiverError(error)));
  });
  return done.resolve;
}

/** Runs `work` under the lock, or does nothing if somebody has it. Without Web Locks it just runs. */
export async function ifFree<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  const locks = manager();
  if (!locks) return work();
  let isAsked = false;
  const granted = async (lock: Lock | null): Promise<T | undefined> => {
    isAsked = true;
    return lock ? work() : undefined;
  };
  try {
    return await locks.request(name, { ifAvailable: true }, granted);
  } catch (error) {
    throw isAsked ? error : toArchiverError(error);
  }
}
