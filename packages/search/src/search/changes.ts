/** Waiting for something that other work changes. */
export interface Changes {
  /** Resolves at the next change. Look whether it is needed first, without waiting in between: no change is missed then. */
  next(): Promise<void>;
  /** Something has changed. */
  tell(): void;
}

export function changes(): Changes {
  let change = Promise.withResolvers<void>();
  return {
    next: () => change.promise,
    tell() {
      const { resolve } = change;
      change = Promise.withResolvers<void>();
      resolve();
    },
  };
}
