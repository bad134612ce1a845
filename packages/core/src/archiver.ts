/** The library's front door: binds the ports, a codec, a policy and a clock to the operations. */
import { checkingArguments } from "./arguments.js";
import type { Codec } from "./codec/codec.js";
import { defaultCodec } from "./codec/default.js";
import type { Context } from "./context.js";
import { warn } from "./context.js";
import { ArchiverError } from "./errors.js";
import { type ArchiverEvent, type ProgressOptions, tell } from "./events.js";
import { KEY, withKeys } from "./metadata.js";
import { type ArchiveRequest, type ArchiveResult, archive } from "./ops/archive.js";
import { type CatchUpReport, catchUp } from "./ops/catch-up.js";
import { create } from "./ops/create.js";
import { type Exported, type ExportOptions, exportFile } from "./ops/export.js";
import type { Describe } from "./ops/facts.js";
import { type SessionFiles, sessionFiles } from "./ops/files.js";
import type { RemoveResult } from "./ops/finish-remove.js";
import { DEFAULT_GC_GRACE_DAYS, type GcOptions, type GcReport, gc } from "./ops/gc/gc.js";
import { whySetBack } from "./ops/gc/set-back.js";
import { importSession } from "./ops/import/import.js";
import type { ImportOptions, ImportResult, ImportSource } from "./ops/import/import-types.js";
import { listSessions, type SessionInfo, sessionInfo } from "./ops/info.js";
import { type LinesOptions, openLines, type SessionLines } from "./ops/line-index/open-lines.js";
import { type LineRange, readLines, readTail } from "./ops/lines.js";
import { type ListOptions, listByMetadata, objectsWith } from "./ops/list.js";
import { type PlanStep, planSweep, type SweepOptions } from "./ops/plan-sweep.js";
import { type PruneSessionOptions, prune, pruneSession, undoPrune } from "./ops/prune.js";
import type { PruneOptions } from "./ops/prune-limits.js";
import { openFile, type ReadOptions, type SessionFile } from "./ops/read.js";
import { recount, type SettleOptions } from "./ops/recount.js";
import { type RemoveOptions, remove } from "./ops/remove.js";
import type { SweepReport } from "./ops/report.js";
import { type RestoreOptions, type RestoreResult, restore } from "./ops/restore.js";
import { settle } from "./ops/settle.js";
import { readSince } from "./ops/since.js";
import { updateMeta } from "./ops/snapshot.js";
import { sweep } from "./ops/sweep.js";
import type { OpenSource } from "./ops/unproven.js";
import { update } from "./ops/update.js";
import { lacksCatalogue, type VerifyReport, verify, verifyAll } from "./ops/verify.js";
import { checkArchiverOptions, object } from "./options.js";
import { days, type Policy, policyFrom } from "./policy.js";
import type { ByteRange, Bytes, Meta, OpOptions, Ports } from "./ports.js";
import { openRecorder, type Recorder, type RecorderOptions } from "./recorder.js";
import { recordLog } from "./records/log.js";
import { storeNotes } from "./records/notes.js";
import { type Schedule, schedule } from "./schedule.js";
import { type SessionBytes, sessionBytes } from "./session-bytes.js";

export interface ArchiverOptions extends Ports {
  /** Opened stores bring the best one for where they run. `defaultCodec()`, so fflate at level 6, where there is none. */
  readonly codec?: Codec | undefined;
  /** Where given, replaces the defaults: 7 idle days, no limit to archives, 7 days of grace; see `ORIGINAL_POLICY`. */
  readonly policy?: Partial<Policy> | undefined;
  /** Extracts facts about sessions when they are imported and archived. */
  readonly describe?: Describe | undefined;
  /**
   * Opens what a session was imported from. Imports may then take a source that has only grown on trust, of which the first
   * and last windows match, and archives compare all of it.
   */
  readonly openSource?: OpenSource | undefined;
  readonly onEvent?: ((event: ArchiverEvent) => void) | undefined;
  /** Unix ms; `Date.now` if not given. */
  readonly now?: (() => number) | undefined;
  /** 16 hex digits that never come twice; from the platform's secure random source if not given. */
  readonly randomId?: (() => string) | undefined;
}

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
  open(id: string, options?: ReadOptions): Promise<SessionFile>;
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
  /** The old name of `gc`. */
  collect(options?: GcOptions): Promise<GcReport>;
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
  readonly runAlone?: (<T>(round: () => Promise<T>) => Promise<T | undefined>) | undefined;
}

/**
 * Binds ports, codec, policy and clock. Does nothing by itself. `INVALID_ARGUMENT` if a port is missing or an option is
 * unknown or of a wrong type, here as in every operation. An opened store may be given as it is, or spread into the options.
 */
export function createArchiver(options: ArchiverOptions): Archiver {
  checkArchiverOptions(options);
  return checkingArguments(archiverOn(contextOf(options)));
}

function archiverOn(ctx: Context): Archiver {
  const as = (operation: string, onProgress?: ProgressOptions["onProgress"]): Context => ({
    ...ctx,
    operation,
    emit(event) {
      ctx.emit(event);
      if (event.type !== "progress") return;
      const { id, operation, bytes, totalBytes } = event;
      tell(onProgress, { id, operation, bytes, totalBytes });
    },
  });
  return {
    create: (id, meta, op) => create(as("create"), id, meta, op),
    update: (id, change, op) => update(as("update"), id, change, op),
    archive: (id, { signal, mendTimes, onProgress } = {}) =>
      archive(as("archive", onProgress), id, { signal, mendTimes }),
    restore: (id, { onProgress, ...op } = {}) => restore(as("restore", onProgress), id, op),
    read: (id, { range, ...op } = {}) =>
      sessionBytes(async function* () {
        yield* (await openFile(ctx, id, op)).read(range);
      }),
    lines: (id, range, op) => sessionBytes(() => readLines(ctx, id, range, op)),
    tail: (id, count, op) => sessionBytes(() => readTail(ctx, id, count, op)),
    since: (id, unixMs, op) => sessionBytes(() => readSince(ctx, id, unixMs, op)),
    open: (id, op) => openFile(ctx, id, op),
    openLines: (id, op) => openLines(ctx, id, op),
    export: (id, { onProgress, ...op } = {}) => exportFile(as("export", onProgress), id, op),
    info: (id, op) => sessionInfo(ctx, id, op),
    files: (id, op) => sessionFiles(ctx, id, op),
    list({ from, ...options } = {}) {
      if (from === "metadata") return listByMetadata(ctx, options);
      return listSessions(ctx, objectsWith(ctx, options), { signal: options.signal, onFailure: options.onFailure });
    },
    sweep: ({ onProgress, ...op } = {}) => sweep(as("sweep", onProgress), op),
    plan: (op) => planSweep(ctx, op),
    prune: (op) => prune(as("prune"), op),
    pruneSession: (id, op) => pruneSession(as("prune"), id, op),
    undoPrune: (id, op) => undoPrune(as("undo-prune"), id, op),
    async settle(id, { recount: isToCount, ...op } = {}) {
      const liveBytesFreed = await settle(as("settle"), id, op);
      if (isToCount) await recount(as("settle"), id, op);
      return liveBytesFreed;
    },
    gc: (op) => gc(as("gc"), op),
    collect: (op) => gc(as("gc"), op),
    remove: (id, op) => remove(as("remove"), id, op),
    catchUp: (op) => catchUp(as("catch-up"), op),
    setBack: async (op = {}) => (await whySetBack(ctx, op)) ?? null,
    storeId: (op) => ctx.notes.id(op),
    lacksCatalogue: (op) => lacksCatalogue(ctx, op),
    verify: (id, { onProgress, ...op } = {}) => verify(as("verify", onProgress), id, op),
    verifyAll: (ids, { onProgress, ...op } = {}) => verifyAll(as("verify", onProgress), ids, op),
    async pin(id, pinned, op) {
      await updateMeta(as("pin"), id, (meta) => withKeys(meta, { [KEY.pinned]: pinned || null }), op);
    },
    import: (id, source, op) => importSession(as("import"), id, source, op),
    recorder: (id, op) => openRecorder(ctx, id, op),
    start({ everyMs = 60 * 60 * 1000, runAlone, ...sweepOptions } = {}) {
      let collectedAt = Number.NEGATIVE_INFINITY;
      const round = async (signal: AbortSignal): Promise<void> => {
        await sweep(as("sweep"), { ...sweepOptions, signal });
        // Lists every archive there is, for what is no garbage before it is a day old: so once a day.
        const now = ctx.now();
        if (Math.abs(now - collectedAt) < days(DEFAULT_GC_GRACE_DAYS)) return;
        await gc(as("gc"), { signal });
        collectedAt = now;
      };
      const work = async (signal: AbortSignal): Promise<void> =>
        runAlone ? runAlone(() => round(signal)) : round(signal);
      return schedule(work, everyMs, (error) => warn(ctx, undefined, error));
    },
  };
}

function contextOf(options: ArchiverOptions): Context {
  const { objects, blobs, archives, onEvent } = options;
  for (const [name, port] of Object.entries({ objects, blobs, archives }))
    object(port, `createArchiver: the port ${name}`);
  const { ownMeta } = objects;
  if (ownMeta !== undefined && (typeof ownMeta?.get !== "function" || typeof ownMeta.put !== "function")) {
    throw new ArchiverError("INVALID_ARGUMENT", "The object store's ownMeta must have get and put, or be left out.");
  }
  const { now = Date.now, randomId = randomHex } = options;
  const notes = storeNotes(ownMeta, randomId);
  return {
    objects,
    blobs,
    archives,
    codec: options.codec ?? defaultCodec(),
    policy: policyFrom(options.policy),
    now,
    randomId,
    notes,
    records: recordLog(archives, notes, { now, randomId }),
    operation: "append",
    describe: options.describe,
    openSource: options.openSource,
    emit: (event) => tell(onEvent, event),
  };
}

function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
