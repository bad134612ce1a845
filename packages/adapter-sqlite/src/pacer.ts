/** How long synchronous work may go on in one turn of the event loop before it waits for the next, in ms. */
const SLICE_MS = 10;

/**
 * Shares the event loop. Both SQLite libraries are synchronous, and promises alone never let timers or sockets run, so
 * a loop of short calls would block as surely as one long call: work beyond the turn's slice waits for the next turn.
 */
export class Pacer {
  #spentMs = 0;
  #nextTurn: Promise<void> | undefined;

  /** Runs `work` now or in a later turn. One piece of work should take 25 ms at most. */
  async run<T>(work: () => T): Promise<T> {
    // Checked in the same step as the work is done: waiters that wake together must see each other's time.
    while (this.#spentMs >= SLICE_MS) await this.#turn();
    const from = performance.now();
    try {
      return work();
    } finally {
      this.#spentMs += performance.now() - from;
      void this.#turn();
    }
  }

  #turn(): Promise<void> {
    this.#nextTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#spentMs = 0;
        this.#nextTurn = undefined;
        resolve();
      });
    });
    return this.#nextTurn;
  }
}
