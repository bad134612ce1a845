export type { Kv, KvEntry } from "./adapter/kv/kv.js";
export { type KvOptions, portsFromKv } from "./adapter/kv/ports-from-kv.js";
export { memoryArchives } from "./adapter/memory/archives.js";
export { memoryBlobs } from "./adapter/memory/blobs.js";
export { memoryPorts } from "./adapter/memory/memory.js";
export { memoryObjects } from "./adapter/memory/objects.js";
export { readOnlyPorts, readOnlySink } from "./adapter/read-only.js";
export {
  checkBlobKey,
  checkBlobRef,
  checkCount,
  checkName,
  MAX_NAME_LENGTH,
  resolveRange,
} from "./adapter/validate.js";
export type { Archiver, ArchiverOptions, StartOptions } from "./archiver.js";
export { createArchiver } from "./archiver.js";
export { bytesOf, collect, concat } from "./bytes.js";
export type { Codec } from "./codec/codec.js";
export { defaultCodec } from "./codec/default.js";
export { fflateCodec } from "./codec/fflate.js";
export { nativeCodec } from "./codec/native.js";
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
export { type Count, withCount } from "./line-count.js";
export type { Lost } from "./lost.js";
export { KEY, matchesQuery, OUTPUT, type SweepIndex, sweepIndex } from "./metadata.js";
export type { ArchiveRequest, ArchiveResult } from "./ops/archive.js";
export type { CatchUpReport } from "./ops/catch-up.js";
export type { Exported, ExportOptions } from "./ops/export.js";
export type { Describe, Describing } from "./ops/facts.js";
export type { SessionFiles, SinkFile } from "./ops/files.js";
export type { RemoveResult } from "./ops/finish-remove.js";
export type { GcOptions, GcReport } from "./ops/gc/gc.js";
export type { ImportOptions, ImportOutcome, ImportResult, ImportSource } from "./ops/import/import-types.js";
export type { SessionInfo } from "./ops/info.js";
export type { KeptVersion } from "./ops/kept.js";
export type { SessionLine } from "./ops/line-index/line-splitter.js";
export type { LinesOptions, SessionLines } from "./ops/line-index/open-lines.js";
export type { LineRange } from "./ops/lines.js";
export type { ListOptions } from "./ops/list.js";
export type { PruneStep, StepFacts } from "./ops/plan-prune.js";
export type { PlanStep, SweepOptions } from "./ops/plan-sweep.js";
export type { PruneSessionOptions } from "./ops/prune.js";
export type { PruneOptions } from "./ops/prune-limits.js";
export type { ReadOptions, SessionFile } from "./ops/read.js";
export type { SettleOptions } from "./ops/recount.js";
export type { RemoveOptions } from "./ops/remove.js";
export { emptyReport, type Failure, failureOf, type SweepReport } from "./ops/report.js";
export type { RestoreOptions, RestoreResult } from "./ops/restore.js";
export type { OpenSource } from "./ops/unproven.js";
export type { VerifyReport } from "./ops/verify.js";
export { DEFAULT_POLICY, isIdle, ORIGINAL_POLICY, type Policy, type SkipReason, skipReason } from "./policy.js";
export type * from "./ports.js";
export type { Recorder, RecorderOptions } from "./recorder.js";
export type { Change, ChangeKind } from "./records/changes.js";
export type { Run, RunRecord } from "./records/record.js";
export type { Schedule } from "./schedule.js";
export { type ArchivedFile, archivedFiles, RESTORED_PREFIX, type SessionState, stateOf } from "./session.js";
export type { SessionBytes } from "./session-bytes.js";
export { isTime, timeOf } from "./time.js";
export { type Candidate, type PruneLimits, type PruneOrder, type Victim, victims } from "./victims.js";
