/** How long work may run in one turn of the event loop before the rest waits for the next, in ms. */
export const SLICE_MS = 10;

/**
 * Shares the event loop. Both SQLite libraries are synchronous, and promises alone never let timers or sockets run, so
 * a loop of short calls would block as surely as one long call: work beyond the turn's slice waits for the next turn. What callers
 * do with a result counts, too: they are often longer at it than the database was.
 */
export class Pacer {
  readonly #now: () => number;
  /** Pieces of work, each of which has an immediate of its own: what follows from one runs before the next one begins. */
  readonly #waiting: (() => void)[] = [];
  /** The work that the next turn begins with. */
  #first: ((wasIdle: boolean) => void) | undefined;
  /** When the slice of the present turn ends, if anything has run in it. */
  #until: number | undefined;
  /** Whether no piece of work has run in the present turn. */
  #isIdle = true;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs `work` now or in a later turn, in the order of the calls. Each should take 25 ms at most. */
  async run<T>(work: () => T): Promise<T> {
    if (this.#waiting.length === 0 && !this.#isOver()) {
      this.#isIdle = false;
      return work();
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => settle(work, resolve, reject));
      setImmediate(this.#step);
    });
  }

  /**
   * Runs `work` at the beginning of the next turn, before all that waits, which has half a slice at least after it. One call at
   * a time. `wasIdle`: no other work has run in the turn before.
   */
  runFirst<T>(work: (wasIdle: boolean) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#first = (wasIdle) => settle(() => work(wasIdle), resolve, reject);
      this.#beginTurn();
    });
  }

  readonly #step = (): void => {
    if (this.#isOver()) {
      setImmediate(this.#step);
      return;
    }
    this.#isIdle = false;
    this.#waiting.shift()?.();
  };

  #isOver(): boolean {
    return this.#now() >= this.#beginTurn();
  }

  /** Gives the end of the turn's slice. */
  #beginTurn(): number {
    if (this.#until === undefined) {
      this.#until = this.#now() + SLICE_MS;
      // Before the immediates of all that waits: those are put off later in the turn.
      setImmediate(this.#endTurn);
    }
    return this.#until;
  }

  readonly #endTurn = (): void => {
    const wasIdle = this.#isIdle;
    this.#until = undefined;
    this.#isIdle = true;
    const first = this.#first;
    if (!first) return;
    this.#first = undefined;
    const until = this.#beginTurn();
    first(wasIdle);
    this.#until = Math.max(until, this.#now() + SLICE_MS / 2);
  };
}

function settle<T>(work: () => T, resolve: (result: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error);
  }
}
