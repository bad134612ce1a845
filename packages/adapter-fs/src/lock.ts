/**
 * The lock under which a store is changed. Other processes wait for each other; within a process only what has the same key
 * does, so that changes of many sessions share the waits for the disk.
 */
import { ArchiverError, type OpOptions, throwIfAborted } from "@session-archiver/core/adapter";
import { openLockTerms } from "./lock-terms.js";
import { openSystemLock } from "./system-lock.js";
import type { Tree } from "./tree.js";
import { openTurns } from "./turns.js";

export interface Lock {
  /**
   * Runs `task` while no task of another process runs, and none of this process with the same `key`: those run in the order of
   * the calls. A task must not wait for another one.
   */
  run<T>(key: string, task: () => Promise<T>, op?: OpOptions): Promise<T>;
  /** Waits for the tasks under way. */
  close(): Promise<void>;
}

/** The lock's file lies at the top of `tree`. */
export function openLock(tree: Pick<Tree, "ensure">, timeoutMs: number): Lock {
  const lock = openSystemLock(tree);
  const terms = openLockTerms(lock, timeoutMs);
  const turns = openTurns();
  let closed = false;
  return {
    run: (key, task, op) =>
      turns.run(key, async () => {
        if (closed) throw new ArchiverError("UNAVAILABLE", "The store was closed.");
        throwIfAborted(op?.signal);
        await terms.enter(op?.signal);
        try {
          return await task();
        } finally {
          terms.leave();
        }
      }),
    async close() {
      closed = true;
      await turns.ended();
      lock.close();
    },
  };
}
