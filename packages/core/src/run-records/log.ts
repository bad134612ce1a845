/**
 * The run records of a store: what gives bytes up, or takes that back, is on record in the sink before it is done. A record
 * is noted in the catalogue first: so a catalogue that does not know every record of its store has been set back, or its
 * store has been copied and the copy has gone on.
 */
import { bytesOf } from "../bytes.js";
import { hasCode } from "../errors.js";
import { recordKey, recordPrefix } from "../format/keys.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import type { Change } from "./changes.js";
import { condense } from "./condense.js";
import type { StoreNotes } from "./notes.js";
import { encodeRecord, type Run, type RunRecord, readRecord } from "./record.js";

/** With more records than this they are made into one. */
const MOST_RECORDS = 64;
/** Where that failed, it is tried again after this many more, and by the next gc. */
const NEXT_TRY = 16;

export interface RecordLog {
  /** Resolves once the changes are on record. Calls that come while one is under way share the next record. */
  add(operation: string, changes: readonly Change[]): Promise<void>;
  /** The records of this store that its catalogue does not know, each with its key. */
  unknown(op?: OpOptions): Promise<readonly UnknownRecord[]>;
  /** Makes one record of all, if there are many. */
  tidy(): Promise<void>;
  /** The tombstones that are on record as taken back, each by `tombstoneName`. */
  takenBack(op?: OpOptions): Promise<ReadonlySet<string>>;
}

export interface UnknownRecord {
  readonly key: string;
  /** `undefined` if it can't be read. */
  readonly record: RunRecord | undefined;
}

interface Waiting {
  readonly run: Run;
  resolve(): void;
  reject(error: unknown): void;
}

export function recordLog(
  archives: ArchiveSink,
  notes: StoreNotes,
  clock: { now(): number; randomId(): string },
): RecordLog {
  const waiting: Waiting[] = [];
  let isWriting = false;

  /** Notes the record in the catalogue, then puts it into the sink: never the other way round. */
  const write = async (runs: readonly Run[], replaces: readonly string[]): Promise<readonly string[]> => {
    const store = await notes.id();
    if (store === undefined) return []; // it has no catalogue that could be told from an older one
    const key = recordKey(store, clock.now(), clock.randomId());
    let after: string | null = null;
    const noted = await notes.change(({ records }) => {
      after = records.at(-1) ?? null;
      return { records: [...records, key] };
    });
    await archives.put(key, bytesOf(encodeRecord({ format: 1, store, after, replaces, runs })));
    return noted?.records ?? [];
  };
  const drain = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      try {
        const known = await write(
          batch.map(({ run }) => run),
          [],
        );
        for (const { resolve } of batch) resolve();
        const over = known.length - MOST_RECORDS;
        if (over > 0 && over % NEXT_TRY === 1) await compact(known).catch(() => undefined);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  };

  /** Makes one record of all that can be read. What is not there may be under way: it stays noted for a while. */
  const compact = async (known: readonly string[]): Promise<void> => {
    const store = (await notes.id()) ?? "";
    const read: { readonly key: string; readonly record: RunRecord }[] = [];
    const missing: string[] = [];
    for (const key of known) {
      try {
        read.push({ key, record: await readRecord(archives, key, store) });
      } catch (error) {
        if (hasCode(error, "NOT_FOUND")) missing.push(key);
        else if (!hasCode(error, "CORRUPT")) throw error;
      }
    }
    const isThere = async (key: string): Promise<boolean> => (await archives.stat(key)) !== undefined;
    const runs = await condense(
      read.flatMap(({ record }) => record.runs),
      isThere,
    );
    const replaced = read.map(({ key }) => key);
    await write(runs, replaced);
    for (const key of replaced) await archives.delete(key);
    const forgotten = new Set([...replaced, ...missing.slice(0, -MOST_RECORDS)]);
    await notes.change(({ records }) => ({ records: records.filter((key) => !forgotten.has(key)) }));
  };

  return {
    async add(operation, changes) {
      if (changes.length === 0) return;
      const run: Run = { run: clock.randomId(), operation, at: clock.now(), changes };
      await new Promise<void>((resolve, reject) => {
        waiting.push({ run, resolve, reject });
        if (!isWriting) void drain();
      });
    },
    async unknown(op) {
      const before = await notes.read(op);
      if (!before) return [];
      const listed: string[] = [];
      for await (const { key } of archives.list(recordPrefix(before.id), op)) listed.push(key);
      // Read after the listing: whatever this catalogue puts there, it has noted before.
      const known = new Set((await notes.read(op))?.records);
      const unknown: UnknownRecord[] = [];
      for (const key of listed.filter((candidate) => !known.has(candidate)).sort()) {
        const found = await lookAt(archives, key, before.id, op);
        if (found && !isMadeOf(known, found.record)) unknown.push(found);
      }
      return unknown;
    },
    async tidy() {
      const known = (await notes.read())?.records ?? [];
      if (known.length > MOST_RECORDS) await compact(known);
    },
    async takenBack(op) {
      const store = (await notes.read(op))?.id;
      const names = new Set<string>();
      if (store === undefined) return names;
      for await (const { key } of archives.list(recordPrefix(store), op)) {
        for (const { changes } of (await lookAt(archives, key, store, op))?.record?.runs ?? []) {
          for (const { id, change, prunedAt } of changes) {
            if (change === "unpruned") names.add(tombstoneName(id, prunedAt));
          }
        }
      }
      return names;
    },
  };
}

/** Tells one tombstone of a session from another. */
export function tombstoneName(id: string, prunedAt: number | undefined): string {
  return `${prunedAt} ${id}`;
}

/** `undefined` if it has gone meanwhile. */
async function lookAt(
  archives: ArchiveSink,
  key: string,
  store: string,
  op: OpOptions | undefined,
): Promise<UnknownRecord | undefined> {
  try {
    return { key, record: await readRecord(archives, key, store, op) };
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    if (hasCode(error, "CORRUPT")) return { key, record: undefined };
    throw error;
  }
}

/** Whether a record holds nothing but runs of records that are known: a copy of the store has compacted them. */
function isMadeOf(known: ReadonlySet<string>, record: RunRecord | undefined): boolean {
  return record !== undefined && record.replaces.length > 0 && record.replaces.every((key) => known.has(key));
}
