/** The library's front door: binds the ports, a codec, a policy and a clock to the operations. */
import type { ProgressOptions } from "./events.js";
import type { ArchiveRequest, ArchiveResult } from "./ops/archive/archive-types.js";
import type { CatchUpReport } from "./ops/catch-up.js";
import type { Exported, ExportOptions } from "./ops/export.js";
import type { SessionFiles } from "./ops/files.js";
import type { GcOptions, GcReport } from "./ops/gc/gc.js";
import type { ImportOptions, ImportResult, ImportSource } from "./ops/import/import-types.js";
import type { SessionInfo } from "./ops/info.js";
import type { ListOptions } from "./ops/list.js";
import type { PruneSessionOptions } from "./ops/prune/prune.js";
import type { PruneOptions } from "./ops/prune/prune-limits.js";
import type { SettleOptions } from "./ops/recount.js";
import type { RemoveResult } from "./ops/remove/finish-remove.js";
import type { RemoveOptions } from "./ops/remove/remove.js";
import type { SweepReport } from "./ops/report.js";
import type { RestoreOptions, RestoreResult } from "./ops/restore/restore.js";
import type { PlanStep, SweepOptions } from "./ops/sweep/plan-sweep.js";
import type { VerifyReport } from "./ops/verify.js";
import type { ByteRange, Bytes, Meta, OpOptions } from "./ports.js";
import type { LinesOptions, SessionLines } from "./read/line-index/open-lines.js";
import type { LineRange } from "./read/lines.js";
import type { ReadOptions, SessionReader } from "./read/read.js";
import type { SessionBytes } from "./read/session-bytes.js";
import type { Recorder, RecorderOptions } from "./record/recorder-types.js";
import type { Schedule } from "./schedule.js";

/** Every operation rejects with an `ArchiverError`; see each operation's module for which codes mean what. */
export interface Archiver {
  /** Makes a session with this metadata and no output; `view: "agent"` unless given. `CONFLICT` if there is one. */
  create(id: string, meta?: Meta, options?: OpOptions): Promise<SessionInfo>;
  /**
   * Changes the metadata by compare-and-swap until it takes; resolves to what it is then. `change` may run several times; it
   * gives back what it was given, or the same again, to leave it as it is. Keys that the archiver keeps must stay as they
   * are: `INVALID_ARGUMENT`.
   */
  update(id: string, change: (meta: Meta) => Meta, options?: OpOptions): Promise<Meta>;
  /** Moves a session into the archive; of a resumed one, its new output. */
  archive(id: string, options?: ArchiveRequest & ProgressOptions): Promise<ArchiveResult>;
  /** Brings the bytes back into the blob store; the archive is then collected, unless it is to be kept. */
  restore(id: string, options?: RestoreOptions & ProgressOptions): Promise<RestoreResult>;
  /** The session's bytes, live or archived. Here as in the other reads, nothing is asked for before it is wanted. */
  read(id: string, options?: ReadOptions & { readonly range?: ByteRange | undefined }): SessionBytes;
  /** Lines `[from, to)`, counted from 0, byte for byte. */
  lines(id: string, range: LineRange, options?: ReadOptions): SessionBytes;
  /** The last `count` lines. */
  tail(id: string, count: number, options?: ReadOptions): SessionBytes;
  /** All from the first line on whose `timestamp` is this time (unix ms) or later; what is older behind it is in it. */
  since(id: string, unixMs: number, options?: ReadOptions): SessionBytes;
  /** One file of the session as it is now, to be read here and there. */
  open(id: string, options?: ReadOptions): Promise<SessionReader>;
  /** One file of the session as numbered lines, to be shown a page at a time: "line n of m, now". */
  openLines(id: string, options?: LinesOptions): Promise<SessionLines>;
  /** One file of the session for use elsewhere, raw or as one `.gz`: an archive's own bytes where there is one. */
  export(id: string, options?: ExportOptions & ProgressOptions): Promise<Exported>;
  /** State, sizes and times of one session. */
  info(id: string, options?: OpOptions): Promise<SessionInfo>;
  /** The files that one session is made of, live and in the sink, with their sizes there. */
  files(id: string, options?: OpOptions): Promise<SessionFiles>;
  /** What `info` tells of every session, in no promised order; of one that can't be understood there is a warning event instead. */
  list(options?: ListOptions): AsyncIterable<SessionInfo>;
  /** Archives the idle sessions, then prunes to the byte cap if there is one. One session's failure is reported and stops nothing. */
  sweep(options?: SweepOptions & ProgressOptions): Promise<SweepReport>;
  /** What a sweep with these options would do, and why. Changes nothing. */
  plan(options?: SweepOptions): AsyncIterable<PlanStep>;
  /** Sets tombstones on the oldest archives beyond the limits, if any, and gives up the bytes of those whose grace period is over. */
  prune(options?: PruneOptions): Promise<SweepReport>;
  /** Sets a tombstone on this session, whatever its age. */
  pruneSession(id: string, options?: PruneSessionOptions): Promise<void>;
  /** Takes a tombstone back while the bytes are there. */
  undoPrune(id: string, options?: OpOptions): Promise<void>;
  /** Finishes what a crash cut short; gives the live bytes it freed. */
  settle(id: string, options?: SettleOptions): Promise<number>;
  /**
   * Deletes archive objects that are proven to be needed by nobody: left by restores, merges, removals and crashes. What
   * nothing explains is reported, and stays.
   */
  gc(options?: GcOptions): Promise<GcReport>;
  /** Removes a session for good: archives, live bytes and metadata. */
  remove(id: string, options?: RemoveOptions): Promise<RemoveResult>;
  /**
   * For a catalogue that was set back and now refuses to give anything up: takes all tombstones back, pins what was pinned,
   * and goes on from there.
   */
  catchUp(options?: OpOptions): Promise<CatchUpReport>;
  /** Why this catalogue gives nothing up now: it was set back, or its store was copied. `null` if that isn't so. */
  setBack(options?: OpOptions): Promise<string | null>;
  /** 12 hex digits that tell this store from others, made when first needed; `undefined` if it can't keep any. */
  storeId(options?: OpOptions): Promise<string | undefined>;
  /** Whether the catalogue is empty although there are archives: it was lost, or is not the one that belongs to them. */
  lacksCatalogue(options?: OpOptions): Promise<boolean>;
  /** Rejects with what is wrong with the session. */
  verify(id: string, options?: OpOptions & ProgressOptions): Promise<void>;
  /** Checks these sessions, or all. */
  verifyAll(
    ids?: Iterable<string> | AsyncIterable<string>,
    options?: OpOptions & ProgressOptions,
  ): Promise<VerifyReport>;
  /** A pinned session is neither swept nor pruned. */
  pin(id: string, pinned: boolean, options?: OpOptions): Promise<void>;
  /**
   * Takes a session in from a stream, or from a source that can be read in ranges, of which only what is needed is read: the
   * whole of a new session, of another what it does not hold yet. May be called again at any time, and after a crash.
   */
  import(id: string, source: Bytes | ImportSource, options?: ImportOptions): Promise<ImportResult>;
  /** The write path: appends output to the session, whatever its state, and keeps its stats. */
  recorder(id: string, options?: RecorderOptions): Recorder;
  /** Sweeps now and then every `everyMs` (an hour if not given), and collects with the first sweep and once a day. */
  start(options?: StartOptions): Schedule;
}

export interface StartOptions extends SweepOptions {
  /** Time between two rounds; an hour if not given. */
  readonly everyMs?: number | undefined;
  /**
   * Runs a round, or leaves it out (`undefined`) because somebody else is at it: what keeps several tabs or processes
   * from doing the same work twice, for instance a store's lock. Without it they are as safe, and slower.
   */
  readonly runExclusive?: (<T>(round: () => Promise<T>) => Promise<T | undefined>) | undefined;
}
