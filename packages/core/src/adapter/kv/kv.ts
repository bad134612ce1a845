/** A key-value store with four methods. */

export interface KvEntry {
  readonly value: Uint8Array;
  /** Changes with every `set` and never repeats for a key, not even after delete and re-create. */
  readonly version: string;
}

/**
 * Keys are well-formed strings of up to 4,096 UTF-16 units. Values are of up to 1 MiB; only the list of a blob's or an
 * archive's chunks grows beyond that, from some 18 GB on.
 */
export interface Kv {
  /** The current value, or `undefined`; the array is the caller's to keep and change. */
  get(key: string): Promise<KvEntry | undefined>;
  /**
   * Atomic and durable when it resolves. `expected: null` means "must be absent". Gives the new version, or `undefined`,
   * having changed nothing, if the current version is not `expected`. The value belongs to the caller again afterwards.
   */
  set(key: string, value: Uint8Array, expected: string | null): Promise<string | undefined>;
  /** Deletes exactly this version; `false`, having changed nothing, if it is not the current one. */
  delete(key: string, expected: string): Promise<boolean>;
  /** Every key with this prefix that exists throughout the listing, once. */
  keys(prefix: string): AsyncIterable<string>;
}
