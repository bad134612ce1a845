/** Group commit for directories: those who change one at the same time share the sync that makes it durable. */

/**
 * `sync`, but so that calls for one path never overlap. Whoever asks while one is under way gets the next, as do all who
 * ask until that begins: one that began before a change may have missed it, and does not count.
 */
export function shareSyncs(sync: (path: string) => Promise<void>): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  function begin(path: string): Promise<void> {
    const run = sync(path).finally(() => {
      if (running.get(path) === run) running.delete(path);
    });
    running.set(path, run);
    return run;
  }

  function afterThe(path: string, before: Promise<void>): Promise<void> {
    const next = before
      .catch(() => undefined) // of concern to those who waited for it
      .then(() => {
        waiting.delete(path);
        return begin(path);
      });
    waiting.set(path, next);
    return next;
  }

  return (path) => {
    const before = running.get(path);
    return waiting.get(path) ?? (before ? afterThe(path, before) : begin(path));
  };
}
