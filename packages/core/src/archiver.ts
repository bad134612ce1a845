/** The library's front door: every operation on sessions. */
import type { ProgressOptions, WarningOptions } from "./events.js";
import type { ArchiveRequest, ArchiveResult } from "./ops/archive/archive-types.js";
import type { CatchUpReport } from "./ops/catch-up.js";
import type { DescribeOptions, DescribeResult } from "./ops/describe.js";
import type { ExamineOptions } from "./ops/examine/examine.js";
import type { Finding } from "./ops/examine/finding.js";
import type { Exported, ExportOptions } from "./ops/export.js";
import type { SessionFiles } from "./ops/files.js";
import type { ForgetResult } from "./ops/forget/finish-forget.js";
import type { ForgetOptions } from "./ops/forget/forget.js";
import type { GcOptions, GcReport } from "./ops/gc/gc.js";
import type { PastRun } from "./ops/history.js";
import type { ImportOptions, ImportResult, ImportSource } from "./ops/import/import-types.js";
import type { SessionInfo } from "./ops/info.js";
import type { ListOptions } from "./ops/list.js";
import type { ListNewestOptions } from "./ops/list-newest.js";
import type { ListedSession } from "./ops/listed-session.js";
import type { MirrorOptions, MirrorResult, Original } from "./ops/mirror/mirror-types.js";
import type { PruneSessionOptions } from "./ops/prune/prune.js";
import type { PruneOptions } from "./ops/prune/prune-limits.js";
import type { RebuildOptions } from "./ops/rebuild/rebuild.js";
import type { RebuildReport } from "./ops/rebuild/rebuild-report.js";
import type { SettleOptions } from "./ops/recount.js";
import type { RemoveResult } from "./ops/remove/finish-remove.js";
import type { RemoveOptions } from "./ops/remove/remove.js";
import type { SweepReport } from "./ops/report.js";
import type { RestoreOptions, RestoreResult } from "./ops/restore/restore.js";
import type { SalvageOptions, SalvageResult } from "./ops/salvage/salvage-types.js";
import type { PlanStep, SweepOptions } from "./ops/sweep/plan-sweep.js";
import type { VerifyOptions } from "./ops/verify/verify.js";
import type { VerifyAllOptions, VerifyReport } from "./ops/verify/verify-report.js";
import type { ByteRange, Bytes, Meta, OpOptions } from "./ports.js";
import type { LinesOptions, SessionLines } from "./read/line-index/open-lines.js";
import type { LineRange } from "./read/lines.js";
import type { OpenedFiles } from "./read/open-files.js";
import type { ReadOptions, SessionReader } from "./read/read.js";
import type { SessionBytes } from "./read/session-bytes.js";
import type { Recorder, RecorderOptions } from "./record/recorder-types.js";
import type { Schedule } from "./schedule.js";

/**
 * Every operation rejects with an `ArchiverError`; each operation's module says what its codes mean. Sizes are bytes;
 * times are unix ms.
 */
export interface Archiver {
  /**
   * Creates a session with this metadata and no output. `view: "agent"` is set unless given. `CONFLICT` if the session
   * exists.
   */
  create(id: string, meta?: Meta, options?: OpOptions): Promise<SessionInfo>;
  /**
   * Changes the metadata by compare-and-swap and resolves to the new metadata. `change` gets the present metadata and
   * may run several times; to change nothing, it returns what it got, or an equal object. `INVALID_ARGUMENT` if it
   * alters a key that the archiver keeps.
   */
  update(id: string, change: (meta: Meta) => Meta, options?: OpOptions): Promise<Meta>;
  /** Moves a session into the archive. For a resumed session, adds its new output to the archive. */
  archive(id: string, options?: ArchiveRequest & ProgressOptions): Promise<ArchiveResult>;
  /** Brings the bytes back into the blob store. `gc` later deletes the archive, unless it is to be kept. */
  restore(id: string, options?: RestoreOptions & ProgressOptions): Promise<RestoreResult>;
  /** The session's bytes, live or archived. Like the other reads, it reads nothing until the result is consumed. */
  read(id: string, options?: ReadOptions & { readonly range?: ByteRange | undefined }): SessionBytes;
  /** The lines `[from, to)`, counted from 0, byte for byte. */
  lines(id: string, range: LineRange, options?: ReadOptions): SessionBytes;
  /** The last `count` lines. */
  tail(id: string, count: number, options?: ReadOptions): SessionBytes;
  /**
   * Everything from the first line stamped at or after `unixMs` to the end. Later lines with older timestamps are
   * included.
   */
  since(id: string, unixMs: number, options?: ReadOptions): SessionBytes;
  /** Opens one file of the session as it is now, for reads of any range. */
  open(id: string, options?: ReadOptions): Promise<SessionReader>;
  /** Opens every file of the session, sidecars too, as they are at one moment, with its `info` at that moment. */
  openFiles(id: string, options?: OpOptions & WarningOptions): Promise<OpenedFiles>;
  /** Opens one file of the session as numbered lines, to show a page at a time: "line n of m, now". */
  openLines(id: string, options?: LinesOptions): Promise<SessionLines>;
  /**
   * One file of the session for use elsewhere, raw or as one `.gz`. A `.gz` of an archived file is the archive's own
   * bytes, or its parts joined into one member.
   */
  export(id: string, options?: ExportOptions & ProgressOptions): Promise<Exported>;
  /** State, sizes and times of one session. */
  info(id: string, options?: OpOptions): Promise<SessionInfo>;
  /** The files that one session is made of, live and in the sink, with their present sizes. */
  files(id: string, options?: OpOptions): Promise<SessionFiles>;
  /**
   * Yields the `info` of every session, in no particular order. A session that can't be understood causes a warning
   * event instead.
   */
  list(options?: ListOptions): AsyncIterable<SessionInfo>;
  /**
   * Yields what lists show of every session by its metadata, the last active first, those of unknown activity last; where it
   * is equal, by id. Of 100,000 sessions a store with an index, such as SQLite, gives the first at once and all in constant
   * memory; in other stores it takes some hundred bytes for each. Sizes and failures are as in `list` with `from:
   * "metadata"`. A session that is active meanwhile moves, and may be missing.
   */
  listNewest(options?: ListNewestOptions): AsyncIterable<ListedSession>;
  /**
   * Archives the idle sessions, then prunes to the byte cap if there is one. A session that fails is reported and does
   * not stop the others.
   */
  sweep(options?: SweepOptions & ProgressOptions): Promise<SweepReport>;
  /** Yields the steps that a sweep with these options would take, and why. Changes nothing. */
  plan(options?: SweepOptions): AsyncIterable<PlanStep>;
  /**
   * Sets tombstones on the oldest archives beyond the limits, if there are limits, and deletes the bytes of those whose
   * grace period is over.
   */
  prune(options?: PruneOptions): Promise<SweepReport>;
  /** Sets a tombstone on this session, whatever its age. */
  pruneSession(id: string, options?: PruneSessionOptions): Promise<void>;
  /** Takes a tombstone back, as long as the bytes are still there. */
  undoPrune(id: string, options?: OpOptions): Promise<void>;
  /**
   * Extracts facts with the `describe` hook about a session that is there already, unless it has noted all there are. They go
   * into the metadata and, if the session is fully archived, into a new manifest beside the unchanged archive.
   */
  describe(id: string, options?: DescribeOptions): Promise<DescribeResult>;
  /** Finishes what a crash cut short. Resolves to the number of live bytes that were freed. */
  settle(id: string, options?: SettleOptions): Promise<number>;
  /**
   * Deletes archive objects that are proven to be superfluous: left by restores, merges, removals and crashes. Objects
   * that nothing explains are reported, and stay.
   */
  gc(options?: GcOptions): Promise<GcReport>;
  /** Deletes a session for good: archives, live bytes and metadata. */
  remove(id: string, options?: RemoveOptions): Promise<RemoveResult>;
  /**
   * For privacy: deletes all that was made of a session, by whichever store, and what run records say of it. Only a
   * tombstone without content stays, so that no import brings it back. Deleted bytes may still be read in a
   * database's free space until the store's `erase` was called.
   */
  forget(id: string, options?: ForgetOptions): Promise<ForgetResult>;
  /** Takes the tombstone of a forgotten session away, so that it may be imported again. Its bytes stay gone. */
  undoForget(id: string, options?: OpOptions): Promise<void>;
  /**
   * For a catalogue that was set back and now refuses to give anything up: takes all tombstones back, pins what
   * forgotten runs had pinned, and goes on from there.
   */
  catchUp(options?: OpOptions): Promise<CatchUpReport>;
  /**
   * Makes the catalogue anew from the archives, manifests and run records in the sink, or gives an existing one what it
   * lacks. Deletes and supersedes nothing, and may be run again at any time.
   */
  rebuild(options?: RebuildOptions): Promise<RebuildReport>;
  /** Says what is wrong with the store, how bad it is, and which operation mends it. Changes nothing. */
  examine(options?: ExamineOptions): AsyncIterable<Finding>;
  /** What runs have given up and taken back, by their records in the sink; the newest first. */
  history(options?: OpOptions): AsyncIterable<PastRun>;
  /** Why this catalogue gives nothing up now: it was set back, or its store was copied. `null` if neither is so. */
  setBack(options?: OpOptions): Promise<string | null>;
  /** 12 hex digits that identify this store, made when first needed; `undefined` if the store can't keep them. */
  storeId(options?: OpOptions): Promise<string | undefined>;
  /** Whether the catalogue is empty although there are archives: it was lost, or belongs to another sink. */
  lacksCatalogue(options?: OpOptions): Promise<boolean>;
  /** Reads everything and rejects with what is wrong with the session. */
  verify(id: string, options?: VerifyOptions & ProgressOptions): Promise<void>;
  /**
   * Verifies these sessions, or all, or a random sample, or goes on with a pass over all of them. Changes nothing
   * unless it is asked to note what is whole.
   */
  verifyAll(
    ids?: Iterable<string> | AsyncIterable<string>,
    options?: VerifyAllOptions & ProgressOptions,
  ): Promise<VerifyReport>;
  /**
   * Brings back what can be had of a damaged archive, and says which lines are lost. Damaged objects are moved to
   * quarantine, never deleted.
   */
  salvage(id: string, options?: SalvageOptions): Promise<SalvageResult>;
  /** Pins a session, or takes the pin off. A pinned session is neither swept nor pruned. */
  pin(id: string, pinned: boolean, options?: OpOptions): Promise<void>;
  /**
   * Takes a session in from a stream, or from a source that can be read in ranges. Of a new session it reads
   * everything; of a known one, only what the session does not hold yet. May be repeated at any time, and after a
   * crash.
   */
  import(id: string, source: Bytes | ImportSource, options?: ImportOptions): Promise<ImportResult>;
  /**
   * Archives files that lie elsewhere and stay there, such as those of an agent program, without a copy in the blob
   * store; the archive of a session that exists is brought up to what they hold. One of them is the `output`. May be
   * repeated at any time, and after a crash.
   */
  mirror(id: string, originals: readonly Original[], options?: MirrorOptions): Promise<MirrorResult>;
  /** The write path: appends output to the session in any state, and keeps its line count and times. */
  recorder(id: string, options?: RecorderOptions): Recorder;
  /** Sweeps at once, and then every `everyMs`; runs `gc` with the first sweep and then once a day. */
  start(options?: StartOptions): Schedule;
}

export interface StartOptions extends SweepOptions {
  /** Milliseconds between the end of a round and the next one; an hour by default. */
  readonly everyMs?: number | undefined;
  /**
   * Runs a round, or skips it and resolves to `undefined` because another tab or process is running one; for instance
   * under a store's lock. Without it, several of them do the same work twice, as safe, but slower; in a store with
   * claims they share it.
   */
  readonly runExclusive?: (<T>(round: () => Promise<T>) => Promise<T | undefined>) | undefined;
}
