/** One writer for each session over all tabs. A lock ends with its tab. */
import { ArchiverError } from "@session-archiver/core";

export interface WriterLocks {
  /** Runs the work as the session's only writer; `CONFLICT` if there is another. */
  hold<T>(id: string, work: () => Promise<T>): Promise<T>;
}

export function writerLocks(locks: LockManager, prefix: string): WriterLocks {
  return {
    // Awaited twice, because the lock manager's types wrap the work's promise in another one.
    hold: async (id, work) =>
      await locks.request(`${prefix}:write:${id}`, { ifAvailable: true }, async (lock) => {
        if (lock) return await work();
        const message = `Session "${id}" is being written to, here or in another tab: stop that first.`;
        throw new ArchiverError("CONFLICT", message, { id });
      }),
  };
}
