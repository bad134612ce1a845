/** The space of this origin, as the browser reports it: over https and on localhost only. */

export interface StorageStatus {
  /** Bytes that the origin uses, all its databases and caches together; an estimate. `null`: unknown. */
  readonly usageBytes: number | null;
  /** Bytes that it may use, by the browser's own figure, which in Chromium is independent of the disk. `null`: unknown. */
  readonly quotaBytes: number | null;
  /** `false`: the browser may delete all of it when the disk runs full. */
  readonly persisted: boolean;
}

/** Never rejects: `null` or `false` where the browser gives no answer. */
export async function storageStatus(): Promise<StorageStatus> {
  const estimate = await attempt(() => manager()?.estimate?.());
  const persisted = await attempt(() => manager()?.persisted?.());
  return { usageBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null, persisted: persisted ?? false };
}

/**
 * Asks the browser never to delete the origin's data by itself. Resolves to whether it won't. Only a page can ask: in a
 * worker this reports the current state. Firefox asks the user, and this stays pending until there is an answer, which may be
 * never: let nothing that has to happen wait for it.
 */
export async function requestPersistence(): Promise<boolean> {
  const granted = await attempt(() => manager()?.persist?.());
  return granted ?? (await storageStatus()).persisted;
}

type Manager = Partial<StorageManager>;

function manager(): Manager | undefined {
  return (globalThis.navigator as { readonly storage?: Manager } | undefined)?.storage;
}

async function attempt<T>(ask: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
