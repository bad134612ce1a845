/** What the stores are built on: one directory with its staging area, long names and lock. */
import { ArchiverError, type ErrorContext, type OpOptions, throwIfAborted } from "@session-archiver/core/adapter";
import { guarded } from "./errors.js";
import { type Lock, openLock } from "./lock.js";
import { type LongNames, openLongNames } from "./long-names.js";
import type { Root } from "./root.js";
import { openStaging, type Staging } from "./staging.js";
import { openTree, type Tree } from "./tree.js";

export interface Area {
  readonly tree: Tree;
  readonly staging: Staging;
  readonly names: LongNames;
  readonly lock: Lock;
  /** To be called first by every call of a port: fails once closed or aborted. */
  begin(op: OpOptions | undefined, context?: ErrorContext): void;
  /** The same for calls that change something; `doing` as in `write archive "a"`. */
  beginChange(doing: string, op: OpOptions | undefined, context: ErrorContext): Promise<void>;
  /** Runs a change that takes the lock more than once, or goes on after it: closing waits for its end. */
  change<T>(run: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Nothing is made or opened before it is needed. */
export function openArea(root: Root, lockTimeoutMs: number): Area {
  const tree = openTree(root);
  const staging = openStaging(tree);
  const lock = openLock(tree, lockTimeoutMs);
  const changes = new Set<Promise<unknown>>();
  let closed = false;
  const begin = (op: OpOptions | undefined, context: ErrorContext = {}): void => {
    if (closed) throw new ArchiverError("UNAVAILABLE", "The store was closed.", context);
    throwIfAborted(op?.signal, context);
  };
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
    begin,
    async beginChange(doing, op, context) {
      begin(op, context);
      await guarded(doing, context, () => change(root.settle));
    },
    change,
    async close() {
      closed = true;
      await Promise.allSettled(changes);
      await lock.close();
    },
  };
}
