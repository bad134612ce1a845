/**
 * Takes out of the run records what they say of a session that is forgotten. Records are never changed, so each one that
 * speaks of the session is replaced: first by a new one, which is noted before it is put; then the old one is deleted.
 */
import { bytesOf } from "../bytes.js";
import { hasCode } from "../errors.js";
import { isRecordKey, quarantinedKey, recordKey } from "../format/keys.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import type { Change } from "./changes.js";
import type { StoreNotes } from "./notes.js";
import { encodeRecord, type Run, type RunRecord, readRecord } from "./record.js";

/** Something that may still say something of a session. */
export interface Unforgotten {
  /** Sink key; `undefined`: the session's object in the catalogue. */
  readonly key: string | undefined;
  /** In words, with what to do. */
  readonly reason: string;
}

/** What {@link redact} needs of the log. */
export interface RecordAccess {
  readonly archives: ArchiveSink;
  readonly notes: StoreNotes;
  readonly clock: { now(): number; randomId(): string };
  /** Notes a new record of this store, then puts it into the sink. */
  write(runs: readonly Run[], replaces: readonly string[]): Promise<unknown>;
  /** Whether a catalogue that knows these records knows all that this one says. */
  isMadeOf(known: ReadonlySet<string>, record: RunRecord): boolean;
}

interface Found {
  readonly key: string;
  readonly store: string;
  readonly record: RunRecord;
}

/** Most rounds: each finds only what another process has combined in the round before. */
const MAX_ROUNDS = 10;

/**
 * Covers the records of every store that shares the sink. Resolves to the records that can't be read, and may say
 * something of the session: they stay, because they may be all that shows another catalogue that it was set back.
 */
export async function redact(log: RecordAccess, id: string, op: OpOptions): Promise<readonly Unforgotten[]> {
  for (let round = 1; ; round++) {
    const { found, left } = await recordsOf(log, id, op);
    if (found.length === 0) return left;
    if (round === MAX_ROUNDS) {
      const reason = "Another process keeps combining run records that speak of the session. Forget the session again.";
      return [...left, ...found.map(({ key }) => ({ key, reason }))];
    }
    await replace(log, id, found);
  }
}

/** Whether a record says something of the session. */
export async function speaksOf(log: RecordAccess, id: string, op: OpOptions): Promise<boolean> {
  return (await recordsOf(log, id, op)).found.length > 0;
}

async function recordsOf(
  { archives }: RecordAccess,
  id: string,
  op: OpOptions,
): Promise<{ readonly found: readonly Found[]; readonly left: readonly Unforgotten[] }> {
  const keys: string[] = [];
  for await (const { key } of archives.list(undefined, op)) keys.push(key);
  const found: Found[] = [];
  const left: Unforgotten[] = [];
  for (const key of keys) {
    if (isRecordKey(quarantinedKey(key) ?? "")) left.push({ key, reason: UNREADABLE });
    if (!isRecordKey(key)) continue;
    const store = key.slice(0, key.indexOf("/"));
    try {
      const record = await readRecord(archives, key, store, op);
      if (record.runs.some((run) => without(id, run) !== run)) found.push({ key, store, record });
    } catch (error) {
      if (hasCode(error, "CORRUPT")) left.push({ key, reason: UNREADABLE });
      else if (!hasCode(error, "NOT_FOUND")) throw error;
    }
  }
  return { found, left };
}

const UNREADABLE =
  "A run record that can't be read: it may hold the session's id, and why and when it was pruned. Look at it, and delete it by hand.";

async function replace(log: RecordAccess, id: string, found: readonly Found[]): Promise<void> {
  const { archives, notes, clock } = log;
  const known = new Set((await notes.read())?.records);
  const isKnown = ({ key, record }: Found): boolean => known.has(key) || log.isMadeOf(known, record);
  const ours = found.filter(isKnown);
  if (ours.length > 0) {
    const keys = ours.map(({ key }) => key);
    await log.write(redacted(id, ours), keys);
    for (const key of keys) await archives.delete(key);
    await notes.change(({ records }) => ({ records: records.filter((key) => !keys.includes(key)) }));
  }
  // The others are not noted here: they must go on showing this catalogue that it does not know them, and must not seem
  // new to the catalogue that does.
  for (const one of found.filter((candidate) => !isKnown(candidate))) {
    const key = recordKey(one.store, clock.now(), clock.randomId());
    const runs = redacted(id, [one]);
    await archives.put(key, bytesOf(encodeRecord({ ...one.record, replaces: [one.key], runs })));
    await archives.delete(one.key);
  }
}

/** Each run once, without what it says of the session. Runs that were about nothing else go. */
function redacted(id: string, found: readonly Found[]): readonly Run[] {
  const runs = new Map(found.flatMap(({ record }) => record.runs.map((run) => [run.run, run] as const)));
  return [...runs.values()].flatMap((run) => {
    const rest = without(id, run);
    return rest !== run && rest.changes.length === 0 ? [] : [rest];
  });
}

/** The run itself if it says no more of the session than that it is gone. */
function without(id: string, run: Run): Run {
  const changes = run.changes.filter((change) => change.id !== id || isBare(change));
  return changes.length === run.changes.length ? run : { ...run, changes };
}

/** What forgetting itself puts on record. */
function isBare(change: Change): boolean {
  return change.change === "removed" && Object.keys(change).every((key) => key === "id" || key === "change");
}
