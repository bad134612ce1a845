/** Keeps the most recently read blocks, up to a number of bytes. */
export interface BlockCache {
  /** The block's bytes; `load` reads them if they aren't cached. A failed load is forgotten. */
  get(key: string, load: () => Promise<Uint8Array>): Promise<Uint8Array>;
  /** The keys of the blocks that are held, or being loaded. */
  keys(): readonly string[];
  has(key: string): boolean;
  /** Bytes held. */
  readonly bytes: number;
}

interface Entry {
  readonly block: Promise<Uint8Array>;
  bytes: number;
}

/** A block larger than `maxBytes` is held alone. `onDropped` gets each block that is no longer held. */
export function blockCache(maxBytes: number, onDropped: (block: Uint8Array) => void = () => {}): BlockCache {
  /** In the order of their last use. */
  const entries = new Map<string, Entry>();
  let held = 0;

  const drop = (key: string, entry: Entry): void => {
    if (entries.get(key) !== entry) return;
    entries.delete(key);
    held -= entry.bytes;
  };
  const hold = (key: string, entry: Entry, bytes: number): void => {
    if (entries.get(key) !== entry) return;
    entry.bytes = bytes;
    held += bytes;
    for (const [oldest, other] of entries) {
      if (held <= maxBytes || other === entry) break;
      drop(oldest, other);
      void other.block.then(onDropped, () => {});
    }
  };
  return {
    keys: () => [...entries.keys()],
    has: (key) => entries.has(key),
    get bytes() {
      return held;
    },
    get(key, load) {
      const known = entries.get(key);
      const entry = known ?? { block: load(), bytes: 0 };
      entries.delete(key);
      entries.set(key, entry);
      if (!known) {
        entry.block.then(
          (block) => hold(key, entry, block.length),
          () => drop(key, entry),
        );
      }
      return entry.block;
    },
  };
}
