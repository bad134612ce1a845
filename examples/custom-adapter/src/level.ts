/** All three ports on LevelDB: four methods, and core's helper does the rest. */
import { ArchiverError, concat, type Kv, type KvEntry, type Ports, portsFromKv } from "@session-archiver/core/adapter";
import { Level } from "level";
import { keyLocks } from "./locks.js";

export interface LevelStore extends Ports {
  close(): Promise<void>;
}

type Database = Level<string, Uint8Array>;

/** A version is a random UUID, so no two are equal. It is stored before the value, so that one write changes both. */
const VERSION_BYTES = 36;

/** `UNAVAILABLE` if the store can't be opened, for instance while another process has it open. */
export async function openLevel(directory: string): Promise<LevelStore> {
  const db: Database = new Level(directory, { keyEncoding: "utf8", valueEncoding: "view" });
  try {
    await db.open();
  } catch (cause) {
    const message = `The LevelDB store in "${directory}" can't be opened; only one process at a time can open it.`;
    throw new ArchiverError("UNAVAILABLE", message, { cause });
  }
  return { ...portsFromKv(levelKv(db)), close: () => db.close() };
}

/**
 * LevelDB has no compare-and-swap, but only one process can open it. So it is enough to run the writes to each key one
 * after the other within this process, as long as nothing else writes to the database.
 */
function levelKv(db: Database): Kv {
  const locked = keyLocks();
  const get = async (key: string): Promise<KvEntry | undefined> => {
    const stored = await db.get(key);
    if (!stored) return undefined;
    const version = new TextDecoder().decode(stored.subarray(0, VERSION_BYTES));
    return { version, value: stored.subarray(VERSION_BYTES) };
  };
  return {
    get,
    set: (key, value, expected) =>
      locked(key, async () => {
        if (((await get(key))?.version ?? null) !== expected) return undefined;
        const version = crypto.randomUUID();
        const stored = concat([new TextEncoder().encode(version), value]);
        await db.put(key, stored, { sync: true }); // resolves once it is on disk
        return version;
      }),
    delete: (key, expected) =>
      locked(key, async () => {
        if ((await get(key))?.version !== expected) return false;
        await db.del(key); // reaches the disk no later than the next set, since LevelDB's log keeps the order
        return true;
      }),
    async *keys(prefix) {
      // LevelDB orders keys by their UTF-8 bytes, so all keys with a prefix follow it without a gap.
      for await (const key of db.keys({ gte: prefix })) {
        if (!key.startsWith(prefix)) return;
        yield key;
      }
    },
  };
}
