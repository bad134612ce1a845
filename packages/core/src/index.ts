/**
 * For hosts: the archiver, what it takes and gives, codecs, errors, and storage in memory. Two more doors are
 * `@session-archiver/core/adapter`, for those who write a storage adapter, and `@session-archiver/core/format`, for those who
 * read archives and manifests by themselves.
 */
export { memoryPorts } from "./adapter/memory/memory.js";
export type { Archiver, StartOptions } from "./archiver.js";
export type { ArchiverOptions } from "./archiver-options.js";
export { bytesOf, concat, toBytes } from "./bytes.js";
export type { Codec } from "./codec/codec.js";
export { defaultCodec } from "./codec/default.js";
export { fflateCodec } from "./codec/fflate.js";
export { nativeCodec } from "./codec/native.js";
export { createArchiver } from "./create-archiver.js";
export * from "./errors.js";
export type { ArchiverEvent, OnWarning, Progress, ProgressOptions, WarningOptions } from "./events.js";
export { MAX_ARCHIVABLE_ID_LENGTH } from "./format/keys.js";
export { type Facts, type Member, type Source, sourceOf } from "./format/origin.js";
export type { ArchiveRequest, ArchiveResult } from "./ops/archive/archive-types.js";
export type { CatchUpReport } from "./ops/catch-up.js";
export type { DescribeOptions, DescribeResult } from "./ops/describe.js";
export type { ExamineOptions } from "./ops/examine/examine.js";
export type { Finding, FindingKind, Remedy, Severity } from "./ops/examine/finding.js";
export type { Exported, ExportOptions } from "./ops/export.js";
export type { SessionFiles, SinkFile } from "./ops/files.js";
export type { ForgetResult } from "./ops/forget/finish-forget.js";
export type { ForgetOptions } from "./ops/forget/forget.js";
export type { GcOptions, GcReport } from "./ops/gc/gc.js";
export type { PastRun } from "./ops/history.js";
export type {
  ImportOptions,
  ImportOutcome,
  ImportResult,
  ImportSource,
  OpenSource,
} from "./ops/import/import-types.js";
export type { SessionInfo } from "./ops/info.js";
export type { ListOptions } from "./ops/list.js";
export { cursorAfter } from "./ops/list-cursor.js";
export type { ListNewestOptions } from "./ops/list-newest.js";
export type { ListedSession } from "./ops/listed-session.js";
export type {
  MirroredFile,
  MirrorOptions,
  MirrorOutcome,
  MirrorResult,
  Original,
} from "./ops/mirror/mirror-types.js";
export type { PruneStep, StepFacts } from "./ops/prune/plan-prune.js";
export type { PruneSessionOptions } from "./ops/prune/prune.js";
export type { PruneOptions } from "./ops/prune/prune-limits.js";
export type { OtherStore } from "./ops/rebuild/choose-store.js";
export type { OtherCatalogue } from "./ops/rebuild/copy-from.js";
export type { RebuildOptions } from "./ops/rebuild/rebuild.js";
export type { RebuildReport } from "./ops/rebuild/rebuild-report.js";
export type { SettleOptions } from "./ops/recount.js";
export type { RemoveResult } from "./ops/remove/finish-remove.js";
export type { RemoveOptions } from "./ops/remove/remove.js";
export { emptyReport, failureOf, type OutOfSpace, type SessionFailure, type SweepReport } from "./ops/report.js";
export type { RestoreOptions, RestoreResult } from "./ops/restore/restore.js";
export type {
  FoundIn,
  SalvagedFile,
  SalvageOptions,
  SalvageOutcome,
  SalvageResult,
} from "./ops/salvage/salvage-types.js";
export type { PlanStep, SweepOptions } from "./ops/sweep/plan-sweep.js";
export type { VerifyOptions } from "./ops/verify/verify.js";
export type { Sample, VerifyAllOptions, VerifyReport, VerifyStep } from "./ops/verify/verify-report.js";
export type * from "./ports.js";
export type { SessionLine } from "./read/line-index/line-splitter.js";
export type { LinesOptions, SessionLines } from "./read/line-index/open-lines.js";
export type { LineRange } from "./read/lines.js";
export type { OpenedFile, OpenedFiles } from "./read/open-files.js";
export type { ReadOptions, SessionReader } from "./read/read.js";
export type { SessionBytes } from "./read/session-bytes.js";
export type { Recorder, RecorderOptions } from "./record/recorder-types.js";
export type { Change, ChangeKind } from "./run-records/changes.js";
export type { Unforgotten } from "./run-records/redact.js";
export type { Schedule } from "./schedule.js";
export type { Describe, Describing } from "./session/describe.js";
export type { KeptVersion } from "./session/kept-versions.js";
export type { Lost } from "./session/lost.js";
export { OUTPUT } from "./session/metadata.js";
export { DEFAULT_POLICY, ORIGINAL_POLICY, type Policy, type SkipReason } from "./session/policy.js";
export type { LostLines, SalvageNote } from "./session/salvage-notes.js";
export type { SessionState } from "./session/state.js";
export { isTime, timeOf } from "./time.js";
