/**
 * What the archiver notes about a store as a whole, in the store's own metadata: its identity, which run records it
 * knows, what the last gc could not explain, and which pass of `verify` is open. It must be lost and set back together with the objects: a mismatch
 * with the sink then shows it.
 */
import { ArchiverError, hasCode } from "../errors.js";
import type { Json, Meta, OpOptions, OwnMeta, Version } from "../ports.js";
import { countAt, positiveAt, stringAt, withKeys } from "../session/metadata.js";

/** Tries before a change gives up on notes that others keep changing. */
const MAX_TRIES = 50;

/** Archive objects that nothing in the catalogue explains. */
export interface UnknownArchives {
  readonly count: number;
  /** Bytes in the sink. */
  readonly bytes: number;
}

/** The store's notes as they are kept. */
export interface Notes {
  /** 12 hex digits, made once: identifies this store, and also its copies. */
  readonly id: string;
  /** Sink keys of the run records that this catalogue knows, oldest first. */
  readonly records: readonly string[];
  /** As the last gc found them. */
  readonly unknown: UnknownArchives;
  /** Set while the catalogue is being made anew. It does not know the records yet, but was not set back. */
  readonly rebuilding: true | null;
  /** When the pass of `verify` over the whole store began that has yet to reach its end, in unix ms; `null`: none. */
  readonly verifyingSince: number | null;
}

const ID = "id";
const RECORDS = "records";
const UNKNOWN = "unknown";
const REBUILDING = "rebuilding";
const VERIFYING = "verifyingSince";

/** Access to the notes. Every method resolves to `undefined` for a store that keeps no metadata of its own. */
export interface StoreNotes {
  /** The present notes, if there are any yet. */
  read(op?: OpOptions): Promise<Notes | undefined>;
  /** The store's id, made if need be. */
  id(op?: OpOptions): Promise<string | undefined>;
  /** Repeats a compare-and-swap until it takes; resolves to the new notes. */
  change(change: (notes: Notes) => Partial<Notes>, op?: OpOptions): Promise<Notes | undefined>;
}

/** `own`: where the notes are kept. `newId`: returns 16 hex digits, of which the last twelve are used. */
export function storeNotes(own: OwnMeta | undefined, newId: () => string): StoreNotes {
  let known: string | undefined;

  const load = async (op?: OpOptions): Promise<{ version: Version | null; notes: Notes | undefined; meta: Meta }> => {
    const stored = await own?.get(op);
    const notes = stored && notesIn(stored.meta);
    known = notes?.id;
    return { version: stored?.version ?? null, notes, meta: stored?.meta ?? {} };
  };
  const swap: StoreNotes["change"] = async (changed, op) => {
    if (!own) return undefined;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { version, notes: before, meta } = await load(op);
      const notes = before ?? {
        id: newId().slice(-12),
        records: [],
        unknown: { count: 0, bytes: 0 },
        rebuilding: null,
        verifyingSince: null,
      };
      const next = { ...notes, ...changed(notes) };
      try {
        // Keys of a newer version stay.
        await own.put(withKeys(meta, next as unknown as Record<string, Json>), version, op);
        known = next.id;
        return next;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
      }
    }
    throw new ArchiverError("CONFLICT", "Others keep changing the store's own notes; nothing is lost, try again.");
  };
  /** One at a time: changes of one archiver, as by a sweep of many sessions, would only make one another lose their swaps. */
  let last: Promise<unknown> = Promise.resolve();
  const change: StoreNotes["change"] = (changed, op) => {
    const next = last.then(() => swap(changed, op));
    last = next.catch(() => undefined);
    return next;
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

/** `CORRUPT` if the store has no usable id: a new id would make the store's own archives look like another store's. */
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
    rebuilding: meta[REBUILDING] === true ? true : null,
    verifyingSince: positiveAt(meta, VERIFYING) ?? null,
  };
}
