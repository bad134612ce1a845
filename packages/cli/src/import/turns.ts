/**
 * Keeps imports that could concern the same session in the order of their files, while others run beside them: the first of
 * two files with one identity gets its name, whichever is read faster.
 */
export interface Turns {
  /** A place in the line, to be taken in the order of the files. */
  next(): Turn;
}

export interface Turn {
  /**
   * Runs the work once all earlier files have been asked for their names, and those with one of these names are done. May be
   * called again, for other names.
   */
  run<T>(names: Iterable<string | undefined>, work: () => Promise<T>): Promise<T>;
  /** Lets the later ones go by. To be called in any case. */
  end(): void;
}

export function turns(): Turns {
  const busy = new Map<string, Promise<void>>();
  let last = Promise.resolve();
  return {
    next() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      return {
        async run(names, work) {
          await before;
          const own = new Set([...names].filter((name) => name !== undefined));
          const earlier = [...own].map((name) => busy.get(name));
          const mine = Promise.withResolvers<void>();
          for (const name of own) busy.set(name, mine.promise);
          resolve();
          try {
            await Promise.all(earlier);
            return await work();
          } finally {
            for (const name of own) if (busy.get(name) === mine.promise) busy.delete(name);
            mine.resolve();
          }
        },
        end: () => void before.then(resolve),
      };
    },
  };
}
