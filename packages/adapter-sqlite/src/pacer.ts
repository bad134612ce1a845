/** How long synchronous work may run in one turn of the event loop before it waits for the next, in ms. */
export const SLICE_MS = 10;

/**
 * Shares the event loop. Both SQLite libraries are synchronous, and promises alone never let timers or sockets run, so
 * a loop of short calls would block as surely as one long call: work beyond the turn's slice waits for the next turn.
 */
export class Pacer {
  #spentMs = 0;
  #next: Promise<void> | undefined;

  /** Runs `work` now or in a later turn. Each call should take 25 ms at most. */
  async run<T>(work: () => T): Promise<T> {
    // Checked in the same step in which the work runs: waiters that wake together must see each other's time.
    while (this.#spentMs >= SLICE_MS) await this.nextTurn();
    const from = performance.now();
    try {
      return work();
    } finally {
      this.#spentMs += performance.now() - from;
      void this.nextTurn();
    }
  }

  /** Resolves in the next turn of the event loop, with a new slice. */
  nextTurn(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#spentMs = 0;
        this.#next = undefined;
        resolve();
      });
    });
    return this.#next;
  }
}
