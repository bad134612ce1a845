/**
 * The run records of a store: every change that gives bytes up, or takes that back, is on record in the sink before it
 * is made. A record is noted in the catalogue first. So if a catalogue does not know every record of its store, it was
 * set back, or its store was copied and the copy has gone on.
 */
import { bytesOf } from "../bytes.js";
import { hasCode } from "../errors.js";
import { recordKey, recordPrefix } from "../format/keys.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import type { Change } from "./changes.js";
import { condense } from "./condense.js";
import type { StoreNotes } from "./notes.js";
import { type FoundRecord, inOrder } from "./order.js";
import { encodeRecord, type Run, type RunRecord, readRecord } from "./record.js";
import { type RecordAccess, redact, speaksOf, type Unforgotten } from "./redact.js";

/** More records than this are combined into one, apart from large ones. */
const MOST_RECORDS = 64;
/** Bytes from which a record stays as it is, so that a long history is not written again and again. */
const LARGE_RECORD = 512 * 1024;
/** If that failed, it is tried again after this many more, and by the next gc. */
const NEXT_TRY = 16;
/** More would mean that the sink goes on listing what it doesn't have. */
const MOST_LOOKS = 5;

export interface RecordLog {
  /** Resolves once the changes are on record. Calls made during a write share the next record. */
  add(operation: string, changes: readonly Change[]): Promise<void>;
  /** The records of this store that its catalogue does not know, oldest first. */
  unknown(op?: OpOptions): Promise<readonly FoundRecord[]>;
  /** Combines all records into one, if there are many. */
  tidy(): Promise<void>;
  /** Takes out what the records say of a session; resolves to those that can't be read. See `redact.ts`. */
  redact(id: string, op: OpOptions): Promise<readonly Unforgotten[]>;
  /** Whether the records say more of a session than that it is gone. */
  speaksOf(id: string, op: OpOptions): Promise<boolean>;
  /** The tombstones that are on record as taken back, each by `tombstoneName`. */
  takenBack(op?: OpOptions): Promise<ReadonlySet<string>>;
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
  /** How many large records the last compaction has found. */
  let large = 0;

  /** Notes the record in the catalogue, then puts it into the sink: never in the reverse order. */
  const write = async (runs: readonly Run[], replaces: readonly string[]): Promise<readonly string[]> => {
    const store = await notes.id();
    if (store === undefined) return []; // without notes, an older catalogue could not be detected
    const key = recordKey(store, clock.now(), clock.randomId());
    let after: string | null = null;
    const noted = await notes.change(({ records }) => {
      const first = records.findIndex((known) => replaces.includes(known));
      after = (first === -1 ? records : records.slice(0, first)).at(-1) ?? null;
      return { records: [...records, key] };
    });
    await archives.put(key, bytesOf(encodeRecord({ format: 1, store, after, replaces, runs })));
    return noted?.records ?? [];
  };
  const access: RecordAccess = { archives, notes, clock, write, isMadeOf };
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
        const over = known.length - MOST_RECORDS - large;
        if (over > 0 && over % NEXT_TRY === 1) await compact(known).catch(() => undefined);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  };

  /** Combines all records that can be read. A missing one may still be under way: it stays noted for a while. */
  const compact = async (known: readonly string[]): Promise<void> => {
    const store = (await notes.id()) ?? "";
    const read: { readonly key: string; readonly record: RunRecord }[] = [];
    const missing: string[] = [];
    large = 0;
    for (const key of known) {
      const info = await archives.stat(key);
      if (!info) missing.push(key);
      else if (info.size >= LARGE_RECORD) large++;
      else {
        const found = await lookAt(archives, key, store, undefined);
        if (found?.record) read.push({ key, record: found.record });
      }
    }
    if (read.length <= NEXT_TRY) return;
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
    unknown: (op) =>
      untilNoneIsGone(async (gone) => {
        const before = await notes.read(op);
        if (!before) return [];
        const listed: string[] = [];
        for await (const { key } of archives.list(recordPrefix(before.id), op)) listed.push(key);
        // Read after the listing: this catalogue notes each record before it puts it there.
        const known = new Set((await notes.read(op))?.records);
        const unknown: FoundRecord[] = [];
        for (const key of listed.filter((candidate) => !known.has(candidate)).sort()) {
          const found = await lookAt(archives, key, before.id, op);
          if (!found) gone();
          else if (!isMadeOf(known, found.record)) unknown.push(found);
        }
        return inOrder(unknown);
      }),
    redact: (id, op) => redact(access, id, op),
    speaksOf: (id, op) => speaksOf(access, id, op),
    async tidy() {
      const known = (await notes.read())?.records ?? [];
      if (known.length > MOST_RECORDS) await compact(known);
    },
    async takenBack(op) {
      const store = (await notes.read(op))?.id;
      const names = new Set<string>();
      if (store === undefined) return names;
      await untilNoneIsGone(async (gone) => {
        for await (const { record } of recordsIn(archives, store, gone, op)) {
          for (const { changes } of record?.runs ?? []) {
            for (const { id, change, prunedAt } of changes) {
              if (change === "unpruned") names.add(tombstoneName(id, prunedAt));
            }
          }
        }
      });
      return names;
    },
  };
}

/** Looks again while a record goes between the list and its turn: a copy of the store has combined it with others. */
async function untilNoneIsGone<T>(look: (gone: () => void) => Promise<T>): Promise<T> {
  for (let looks = 1; ; looks++) {
    let isGone = false;
    const found = await look(() => {
      isGone = true;
    });
    if (!isGone || looks === MOST_LOOKS) return found;
  }
}

/** Identifies one tombstone of a session. */
export function tombstoneName(id: string, prunedAt: number | undefined): string {
  return `${prunedAt} ${id}`;
}

/** All run records of a store that lie in the sink, oldest first. */
export async function recordsOf(archives: ArchiveSink, store: string, op: OpOptions): Promise<readonly FoundRecord[]> {
  return untilNoneIsGone(async (gone) => {
    const found: FoundRecord[] = [];
    for await (const one of recordsIn(archives, store, gone, op)) found.push(one);
    return inOrder(found);
  });
}

async function* recordsIn(
  archives: ArchiveSink,
  store: string,
  gone: () => void,
  op: OpOptions | undefined,
): AsyncGenerator<FoundRecord> {
  for await (const { key } of archives.list(recordPrefix(store), op)) {
    const found = await lookAt(archives, key, store, op);
    if (found) yield found;
    else gone();
  }
}

/** `undefined` if the record has gone meanwhile. */
export async function lookAt(
  archives: ArchiveSink,
  key: string,
  store: string,
  op: OpOptions | undefined,
): Promise<FoundRecord | undefined> {
  try {
    return { key, record: await readRecord(archives, key, store, op) };
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    if (hasCode(error, "CORRUPT")) return { key, record: undefined };
    throw error;
  }
}

/** Whether a record holds only runs of known records, because a copy of the store has combined them. */
function isMadeOf(known: ReadonlySet<string>, record: RunRecord | undefined): boolean {
  return record !== undefined && record.replaces.length > 0 && record.replaces.every((key) => known.has(key));
}
