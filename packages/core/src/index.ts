export type { Archiver, StartOptions } from "./archiver.js";
export type { ArchiverOptions } from "./archiver-options.js";
export { bytesOf, concat, toBytes } from "./bytes.js";
export type { Codec } from "./codec/codec.js";
export { defaultCodec } from "./codec/default.js";
export { fflateCodec } from "./codec/fflate.js";
export { nativeCodec } from "./codec/native.js";
export { createArchiver } from "./create-archiver.js";
export * from "./errors.js";
export type { ArchiverEvent, Progress, ProgressOptions } from "./events.js";
export { type ArchiveName, archiveNamed } from "./format/archive-named.js";
export { combineCrc32, crc32 } from "./format/crc32.js";
export { isRecordKey, MAX_ARCHIVABLE_ID_LENGTH, type ParsedKey, parseKey, sessionIdOf } from "./format/keys.js";
export type { FileIndex, Manifest, ManifestFile, Segment } from "./format/manifest.js";
export { decodeManifest } from "./format/manifest-decode.js";
export { mapOrdered } from "./format/map-ordered.js";
export { type Facts, type Member, type Source, sourceOf } from "./format/origin.js";
export { countLines, type LineCount, type LineCounter, lineCounter, timestampOf } from "./jsonl.js";
export { type Kv, type KvEntry, type KvOptions, portsFromKv } from "./kv/kv.js";
export { memoryArchives } from "./memory/archives.js";
export { memoryBlobs } from "./memory/blobs.js";
export { memoryPorts } from "./memory/memory.js";
export { memoryObjects } from "./memory/objects.js";
export type { ArchiveRequest, ArchiveResult } from "./ops/archive/archive-types.js";
export type { CatchUpReport } from "./ops/catch-up.js";
export type { Exported, ExportOptions } from "./ops/export.js";
export type { SessionFiles, SinkFile } from "./ops/files.js";
export type { GcOptions, GcReport } from "./ops/gc/gc.js";
export type {
  ImportOptions,
  ImportOutcome,
  ImportResult,
  ImportSource,
  OpenSource,
} from "./ops/import/import-types.js";
export type { SessionInfo } from "./ops/info.js";
export type { ListOptions } from "./ops/list.js";
export type { PruneStep, StepFacts } from "./ops/prune/plan-prune.js";
export type { PruneSessionOptions } from "./ops/prune/prune.js";
export type { PruneOptions } from "./ops/prune/prune-limits.js";
export {
  type PruneCandidate,
  type PruneLimits,
  type PruneOrder,
  type PruneVictim,
  pruneVictims,
} from "./ops/prune/victims.js";
export type { SettleOptions } from "./ops/recount.js";
export type { RemoveResult } from "./ops/remove/finish-remove.js";
export type { RemoveOptions } from "./ops/remove/remove.js";
export { emptyReport, failureOf, type SessionFailure, type SweepReport } from "./ops/report.js";
export type { RestoreOptions, RestoreResult } from "./ops/restore/restore.js";
export type { PlanStep, SweepOptions } from "./ops/sweep/plan-sweep.js";
export type { VerifyReport } from "./ops/verify.js";
export type * from "./ports.js";
export type { SessionLine } from "./read/line-index/line-splitter.js";
export type { LinesOptions, SessionLines } from "./read/line-index/open-lines.js";
export type { LineRange } from "./read/lines.js";
export type { ReadOptions, SessionReader } from "./read/read.js";
export type { SessionBytes } from "./read/session-bytes.js";
export { readOnlyPorts, readOnlySink } from "./read-only.js";
export type { Recorder, RecorderOptions } from "./record/recorder-types.js";
export type { Change, ChangeKind } from "./run-records/changes.js";
export type { Run, RunRecord } from "./run-records/record.js";
export type { Schedule } from "./schedule.js";
export { type ArchivedFile, archivedFiles } from "./session/archived-file.js";
export type { Describe, Describing } from "./session/describe.js";
export { RESTORED_PREFIX } from "./session/file-state.js";
export type { KeptVersion } from "./session/kept-versions.js";
export { type OutputCount, withCount } from "./session/line-count.js";
export type { Lost } from "./session/lost.js";
export { KEY, matchesQuery, OUTPUT, type SweepIndex, sweepIndex } from "./session/metadata.js";
export { DEFAULT_POLICY, isIdle, ORIGINAL_POLICY, type Policy, type SkipReason, skipReason } from "./session/policy.js";
export { type SessionState, stateOf } from "./session/state.js";
export { isTime, timeOf } from "./time.js";
export { checkBlobKey, checkBlobRef, checkCount, checkName, MAX_NAME_LENGTH, resolveRange } from "./validate.js";
