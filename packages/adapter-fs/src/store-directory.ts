/** One directory that holds sessions or archives, with its staging area, its long names and its lock. */
import { ArchiverError, type ErrorContext } from "@session-archiver/core/adapter";
import { type Lock, openLock } from "./lock.js";
import { type LongNames, openLongNames } from "./long-names.js";
import type { Root } from "./root.js";
import { openStaging, type Staging } from "./staging.js";
import { openTree, type Tree } from "./tree.js";

export interface StoreDirectory {
  readonly tree: Tree;
  readonly staging: Staging;
  readonly names: LongNames;
  readonly lock: Lock;
  /** `UNAVAILABLE` once the store is closed. */
  requireOpen(context: ErrorContext): void;
  /** To be called before each change: see {@link Root.migrate}. */
  migrate(): Promise<void>;
  /** Runs a change that goes on after it has released the lock: `close` waits for its end. */
  change<T>(run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Makes and opens nothing before it is needed. */
export function openStoreDirectory(root: Root, lockTimeoutMs: number): StoreDirectory {
  const tree = openTree(root);
  const staging = openStaging(tree);
  const lock = openLock(tree, lockTimeoutMs);
  const changes = new Set<Promise<unknown>>();
  let closed = false;
  function change<T>(run: () => Promise<T>): Promise<T> {
    const running = run().finally(() => changes.delete(running));
    changes.add(running);
    return running;
  }
  return {
    tree,
    staging,
    names: openLongNames(tree, staging),
    lock,
    requireOpen(context) {
      if (closed) throw new ArchiverError("UNAVAILABLE", "The store was closed.", context);
    },
    migrate: () => change(root.migrate),
    change,
    async close() {
      closed = true;
      await Promise.allSettled(changes);
      await lock.close();
    },
  };
}
