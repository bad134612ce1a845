/**
 * What the archiver notes of a store as a whole, in the store's own metadata: its identity, which run records it knows, and
 * what the last gc could not explain. It is lost and set back together with the objects: that is what it is for.
 */
import { ArchiverError, hasCode } from "../errors.js";
import type { Json, Meta, OpOptions, OwnMeta, Version } from "../ports.js";
import { countAt, positiveAt, stringAt } from "../session/metadata.js";

/** Tries before a change gives up on notes that others keep changing. */
const MAX_TRIES = 50;

/** Archive objects that nothing in the catalogue explains. */
export interface UnknownArchives {
  readonly count: number;
  /** Stored bytes. */
  readonly bytes: number;
}

/** The store's notes as they are kept. */
export interface Notes {
  /** 12 hex digits, made once: tells this store from others, though not from its own copies. */
  readonly id: string;
  /** Sink keys of the run records that this catalogue knows, oldest first. */
  readonly records: readonly string[];
  /** By the last gc. */
  readonly unknown: UnknownArchives;
}

const ID = "id";
const RECORDS = "records";
const UNKNOWN = "unknown";

/** Access to the notes; `undefined` everywhere for a store that keeps nothing of its own. */
export interface StoreNotes {
  /** As they are now, if there are any yet. */
  read(op?: OpOptions): Promise<Notes | undefined>;
  /** The store's id, made if need be. */
  id(op?: OpOptions): Promise<string | undefined>;
  /** Changes them by compare-and-swap until it takes; gives them as they are then. */
  change(change: (notes: Notes) => Partial<Notes>, op?: OpOptions): Promise<Notes | undefined>;
}

/** `own`: where they lie. `newId`: 16 hex digits, of which twelve are taken. */
export function storeNotes(own: OwnMeta | undefined, newId: () => string): StoreNotes {
  let known: string | undefined;

  const load = async (op?: OpOptions): Promise<{ version: Version | null; notes: Notes | undefined; meta: Meta }> => {
    const stored = await own?.get(op);
    const notes = stored && notesIn(stored.meta);
    known = notes?.id;
    return { version: stored?.version ?? null, notes, meta: stored?.meta ?? {} };
  };
  const change: StoreNotes["change"] = async (changed, op) => {
    if (!own) return undefined;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { version, notes: before, meta } = await load(op);
      const notes = before ?? { id: newId().slice(-12), records: [], unknown: { count: 0, bytes: 0 } };
      const next = { ...notes, ...changed(notes) };
      try {
        // What a newer version may keep there stays.
        await own.put({ ...meta, ...(next as unknown as Record<string, Json>) }, version, op);
        known = next.id;
        return next;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
      }
    }
    throw new ArchiverError("CONFLICT", "Others keep changing the store's own notes; nothing is lost, try again.");
  };
  return {
    read: async (op) => (await load(op)).notes,
    async id(op) {
      if (!own) return undefined;
      return known ?? (await load(op)).notes?.id ?? (await change(() => ({}), op))?.id;
    },
    change,
  };
}

/** `CORRUPT` if the store has no usable id: to make a new one would turn its own archives into a stranger's. */
function notesIn(meta: Meta): Notes {
  const id = stringAt(meta, ID);
  if (id === undefined || !/^[0-9a-f]{12}$/.test(id)) {
    throw new ArchiverError("CORRUPT", "The store's own metadata holds no store id: restore it from a backup.");
  }
  const records = meta[RECORDS];
  const unknown = meta[UNKNOWN] as Meta | null | undefined;
  return {
    id,
    records: Array.isArray(records) ? records.filter((key) => typeof key === "string") : [],
    unknown: {
      count: (unknown && positiveAt(unknown, "count")) ?? 0,
      bytes: (unknown && countAt(unknown, "bytes")) ?? 0,
    },
  };
}
