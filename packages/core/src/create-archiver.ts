/** Builds an archiver from its ports, codec, policy and clock. */

import { randomHex } from "./adapter/random-token.js";
import type { Archiver } from "./archiver.js";
import type { ArchiverOptions } from "./archiver-options.js";
import { checkingArguments } from "./arguments.js";
import { checkArchiverOptions } from "./check-archiver-options.js";
import { defaultCodec } from "./codec/default.js";
import { type Context, warn } from "./context.js";
import { ArchiverError } from "./errors.js";
import { type ProgressOptions, tell } from "./events.js";
import { manifestsApart } from "./format/inline-manifest.js";
import { archive } from "./ops/archive/archive.js";
import { catchUp } from "./ops/catch-up.js";
import { create } from "./ops/create.js";
import { describeSession } from "./ops/describe.js";
import { examine } from "./ops/examine/examine.js";
import { exportFile } from "./ops/export.js";
import { sessionFiles } from "./ops/files.js";
import { forget } from "./ops/forget/forget.js";
import { undoForget } from "./ops/forget/undo-forget.js";
import { DEFAULT_GC_GRACE_DAYS, gc } from "./ops/gc/gc.js";
import { whySetBack } from "./ops/gc/set-back.js";
import { history } from "./ops/history.js";
import { importSession } from "./ops/import/import.js";
import { sessionInfo } from "./ops/info.js";
import { listByMetadata, listSessions, objectsWith } from "./ops/list.js";
import { listNewest } from "./ops/list-newest.js";
import { mirror } from "./ops/mirror/mirror.js";
import { prune, pruneSession, undoPrune } from "./ops/prune/prune.js";
import { rebuild } from "./ops/rebuild/rebuild.js";
import { recount } from "./ops/recount.js";
import { remove } from "./ops/remove/remove.js";
import { restore } from "./ops/restore/restore.js";
import { salvage } from "./ops/salvage/salvage.js";
import { settle } from "./ops/settle.js";
import { planSweep } from "./ops/sweep/plan-sweep.js";
import { sweep } from "./ops/sweep/sweep.js";
import { update } from "./ops/update.js";
import { verify } from "./ops/verify/verify.js";
import { lacksCatalogue, verifyAll } from "./ops/verify/verify-all.js";
import { object } from "./options.js";
import { exactBlobs } from "./read/exact-blobs.js";
import { openLines } from "./read/line-index/open-lines.js";
import { readLines } from "./read/lines.js";
import { openFiles } from "./read/open-files.js";
import { openFile } from "./read/read.js";
import { sessionBytes } from "./read/session-bytes.js";
import { readSince } from "./read/since.js";
import { readTail } from "./read/tail.js";
import { openRecorder } from "./record/recorder.js";
import { recordLog } from "./run-records/log.js";
import { storeNotes } from "./run-records/notes.js";
import { schedule } from "./schedule.js";
import { updateMeta } from "./session/commit.js";
import { droppedKeys } from "./session/dropped-keys.js";
import { KEY, withKeys } from "./session/metadata.js";
import { days, policyFrom } from "./session/policy.js";

/**
 * Makes an archiver; does nothing to the stores yet. `INVALID_ARGUMENT` if a port is missing, or if an option is
 * unknown or has a wrong type; every operation checks its options the same way. An opened store may be given as it is,
 * or spread into the options.
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
    archive: (id, { signal, mendTimes, repack, onProgress } = {}) =>
      archive(as("archive", onProgress), id, { signal, mendTimes, repack }),
    restore: (id, { onProgress, ...op } = {}) => restore(as("restore", onProgress), id, op),
    read: (id, { range, ...op } = {}) =>
      sessionBytes(async function* () {
        yield* (await openFile(ctx, id, op)).read(range);
      }),
    lines: (id, range, op) => sessionBytes(() => readLines(ctx, id, range, op)),
    tail: (id, count, op) => sessionBytes(() => readTail(ctx, id, count, op)),
    since: (id, unixMs, op) => sessionBytes(() => readSince(ctx, id, unixMs, op)),
    open: (id, op) => openFile(ctx, id, op),
    openFiles: (id, op) => openFiles(ctx, id, op),
    openLines: (id, op) => openLines(ctx, id, op),
    export: (id, { onProgress, ...op } = {}) => exportFile(as("export", onProgress), id, op),
    info: (id, op) => sessionInfo(ctx, id, op),
    files: (id, op) => sessionFiles(ctx, id, op),
    list({ from, ...options } = {}) {
      if (from === "metadata") return listByMetadata(ctx, options);
      return listSessions(ctx, objectsWith(ctx, options), { signal: options.signal, onFailure: options.onFailure });
    },
    listNewest: (options = {}) => listNewest(ctx, options),
    sweep: ({ onProgress, ...op } = {}) => sweep(as("sweep", onProgress), op),
    plan: (op) => planSweep(ctx, op),
    prune: (op) => prune(as("prune"), op),
    pruneSession: (id, op) => pruneSession(as("prune"), id, op),
    undoPrune: (id, op) => undoPrune(as("undo-prune"), id, op),
    describe: (id, op = {}) => describeSession(as("describe"), id, op),
    async settle(id, { recount: isToCount, ...op } = {}) {
      const liveBytesFreed = await settle(as("settle"), id, op);
      if (isToCount) await recount(as("settle"), id, op);
      return liveBytesFreed;
    },
    gc: (op) => gc(as("gc"), op),
    remove: (id, op) => remove(as("remove"), id, op),
    forget: (id, op) => forget(as("forget"), id, op),
    undoForget: (id, op) => undoForget(ctx, id, op),
    catchUp: (op) => catchUp(as("catch-up"), op),
    examine: (op) => examine(as("examine"), op),
    rebuild: (op) => rebuild(as("rebuild"), op),
    history: (op) => history(ctx, op),
    setBack: async (op = {}) => (await whySetBack(ctx, op)) ?? null,
    storeId: (op) => ctx.notes.id(op),
    lacksCatalogue: (op) => lacksCatalogue(ctx, op),
    async verify(id, { onProgress, ...op } = {}) {
      await verify(as("verify", onProgress), id, op);
    },
    verifyAll: (ids, { onProgress, ...op } = {}) => verifyAll(as("verify", onProgress), ids, op),
    salvage: (id, op) => salvage(as("salvage"), id, op),
    async pin(id, pinned, op) {
      await updateMeta(as("pin"), id, (meta) => withKeys(meta, { [KEY.pinned]: pinned || null }), op);
    },
    import: (id, source, op) => importSession(as("import"), id, source, op),
    mirror: (id, originals, op) => mirror(as("mirror"), id, originals, op),
    recorder: (id, op) => openRecorder(ctx, id, op),
    start({ everyMs = 60 * 60 * 1000, runExclusive, ...sweepOptions } = {}) {
      let collectedAt = Number.NEGATIVE_INFINITY;
      const round = async (signal: AbortSignal): Promise<void> => {
        await sweep(as("sweep"), { ...sweepOptions, signal });
        // Once a day is enough: gc lists every archive, and nothing counts as garbage before it is a day old.
        const now = ctx.now();
        if (Math.abs(now - collectedAt) < days(DEFAULT_GC_GRACE_DAYS)) return;
        await gc(as("gc"), { signal });
        collectedAt = now;
      };
      const work = async (signal: AbortSignal): Promise<void> =>
        runExclusive ? runExclusive(() => round(signal)) : round(signal);
      return schedule(work, everyMs, (error) => warn(ctx, undefined, error));
    },
  };
}

function contextOf(options: ArchiverOptions): Context {
  const { objects, blobs, archives: sink, onEvent } = options;
  for (const [name, port] of Object.entries({ objects, blobs, archives: sink }))
    object(port, `createArchiver: the port ${name}`);
  const { ownMeta } = objects;
  if (ownMeta !== undefined && (typeof ownMeta?.get !== "function" || typeof ownMeta.put !== "function")) {
    throw new ArchiverError("INVALID_ARGUMENT", "The object store's ownMeta must have get and put, or be left out.");
  }
  const { now = Date.now, randomId = () => randomHex(8) } = options;
  const notes = storeNotes(ownMeta, randomId);
  return {
    objects,
    blobs: exactBlobs(blobs),
    archives: manifestsApart(sink),
    sink,
    codec: options.codec ?? defaultCodec(),
    policy: policyFrom(options.policy),
    now,
    randomId,
    notes,
    records: recordLog(sink, notes, { now, randomId }),
    dropped: droppedKeys(),
    operation: "append",
    describe: options.describe,
    openSource: options.openSource,
    emit: (event) => tell(onEvent, event),
  };
}
