export type { Archiver, ArchiverOptions, StartOptions } from "./archiver.js";
export { createArchiver } from "./archiver.js";
export { bytesOf, collect, concat } from "./bytes.js";
export type { Codec } from "./codec/codec.js";
export { defaultCodec } from "./codec/default.js";
export { fflateCodec } from "./codec/fflate.js";
export { nativeCodec } from "./codec/native.js";
export * from "./errors.js";
export type { ArchiverEvent } from "./events.js";
export { combineCrc32, crc32 } from "./format/crc32.js";
export { isRecordKey, MAX_ARCHIVABLE_ID_LENGTH, type ParsedKey, parseKey, sessionIdOf } from "./format/keys.js";
export type { FileIndex, Manifest, ManifestFile, Segment } from "./format/manifest.js";
export { decodeManifest } from "./format/manifest-decode.js";
export { mapOrdered } from "./format/map-ordered.js";
export type { Facts, Member, Source } from "./format/origin.js";
export { countLines, type LineCount, type LineCounter, lineCounter, timestampOf } from "./jsonl.js";
export { type Kv, type KvEntry, portsFromKv } from "./kv/kv.js";
export { type Count, withCount } from "./line-count.js";
export { memoryArchives } from "./memory/archives.js";
export { memoryBlobs } from "./memory/blobs.js";
export { memoryPorts } from "./memory/memory.js";
export { memoryObjects } from "./memory/objects.js";
export { KEY, matchesQuery, OUTPUT, type SweepIndex, sweepIndex } from "./metadata.js";
export type { ArchiveResult } from "./ops/archive.js";
export type { CatchUpReport } from "./ops/catch-up.js";
export { type Cursor, type CursorLine, type CursorStart, openCursor } from "./ops/cursor.js";
export type { GcOptions, GcReport } from "./ops/gc/gc.js";
export type { SessionInfo } from "./ops/info.js";
export type { LineRange } from "./ops/lines.js";
export type { PruneOptions, PruneStep } from "./ops/plan-prune.js";
export type { PruneSessionOptions } from "./ops/prune.js";
export type { ReadOptions, SessionFile } from "./ops/read.js";
export type { RemoveOptions, RemoveResult } from "./ops/remove.js";
export { emptyReport, type Failure, failureOf, type SweepReport } from "./ops/report.js";
export type { RestoreOptions, RestoreResult } from "./ops/restore.js";
export type { PlanStep, SweepOptions } from "./ops/sweep.js";
export type { VerifyReport } from "./ops/verify.js";
export {
  type Candidate,
  DEFAULT_POLICY,
  isIdle,
  type Policy,
  type SkipReason,
  skipReason,
  type Victim,
  victims,
} from "./policy.js";
export type * from "./ports.js";
export type { Recorder, RecorderOptions } from "./recorder.js";
export type { Change, ChangeKind } from "./records/changes.js";
export type { Run, RunRecord } from "./records/record.js";
export type { Schedule } from "./schedule.js";
export { type ArchivedFile, archivedFiles, RESTORED_PREFIX, type SessionState, stateOf } from "./session.js";
export { checkBlobKey, checkBlobRef, checkCount, checkName, MAX_NAME_LENGTH, resolveRange } from "./validate.js";
