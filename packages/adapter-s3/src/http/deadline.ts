/** How long is waited for an answer, and for each piece of it. Without a limit, a connection that is lost without a word would keep its caller waiting. */

export class Deadline {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  readonly #given: AbortSignal | undefined;
  /** Aborted once the time is up, or the caller's signal is. */
  readonly signal: AbortSignal;

  constructor(limitMs: number, given: AbortSignal | undefined) {
    this.#limitMs = limitMs;
    this.#given = given;
    this.signal = given ? AbortSignal.any([given, this.#controller.signal]) : this.#controller.signal;
  }

  /** Rejects if this takes too long, or is aborted, whether or not `work` minds the signal. */
  async limit<T>(work: Promise<T>): Promise<T> {
    let stop: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => {
        this.#controller.abort();
        reject(new Error(`there was no answer within ${this.#limitMs / 1000} s`));
      }, this.#limitMs);
      const abort = (): void => reject(this.#given?.reason);
      this.#given?.addEventListener("abort", abort);
      stop = () => {
        clearTimeout(timer);
        this.#given?.removeEventListener("abort", abort);
      };
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      stop?.();
    }
  }

  /** The stream, each piece within the limit. */
  async *each(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const source = stream[Symbol.asyncIterator]();
    let isOver = false;
    try {
      for (;;) {
        const next = await this.limit(source.next());
        isOver = next.done === true;
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // What hangs can't be waited for.
      if (!isOver) source.return?.()?.catch(() => {});
    }
  }
}
