/** Group commit for directories: changes of one directory at the same time share the sync that makes them durable. */

/**
 * `sync`, but so that calls for one path never overlap. A call made while a sync is under way waits for the next one, since
 * the running one may have begun before the caller's change. All calls made until the next one begins share it.
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
      .catch(() => undefined) // its own callers get the error
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
