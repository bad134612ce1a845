export { type Catalogue, readCatalogue } from "./catalogue.js";
export type {
  ClaimContext,
  Claimed,
  ClaimOutcome,
  ClaimResult,
  ClaimRule,
  Extent,
  HeldPart,
  PartKind,
  WriterCheck,
} from "./claim/claim-types.js";
export { HELD_FOLDER } from "./claim/place.js";
export { claimRule } from "./claim/rule.js";
export { claudeCodeSource } from "./claude-code/source.js";
export { type Mended, type MendOptions, mendOrdinals } from "./codex/mend-ordinals.js";
export { hasMixedOrdinals } from "./codex/mixed-ordinals.js";
export { codexSource, createCodexSource } from "./codex/source.js";
export type { CodexSystem, Locks } from "./codex/system.js";
export { nodeFiles } from "./files/node-files.js";
export type { FileLook, Files, NewFile, OpenFile } from "./files.js";
export { folderSource } from "./folder/source.js";
export type { FolderHost } from "./host.js";
export { anyOf, changedLately } from "./live/changed-lately.js";
export type { Processes } from "./live/processes.js";
export { diskBytesOf } from "./measure.js";
export { type NodeHostOptions, nodeFolderHost } from "./node-host.js";
export type { OriginalMember, Originals, OriginalsState, Run } from "./originals.js";
export { type Overview, overview, type PlaceOverview } from "./overview.js";
export { placeOf } from "./place.js";
export { originalsIn } from "./read-originals.js";
export { registerSource, sourceNamed, sources } from "./registry.js";
export type { RestoreUnitOptions } from "./restore/prepare.js";
export { restoreUnit } from "./restore/restore.js";
export type { RestoredUnit } from "./restore/restored.js";
export { type RestoredUnits, type RestoreUnitsOptions, restoreUnits } from "./restore/several.js";
export { type RunSummary, runsOf } from "./runs.js";
export type {
  AgentSource,
  Arranged,
  Env,
  KnownTranscript,
  LeftOut,
  LiveCheck,
  LiveOptions,
  Member,
  Place,
  RestoredFile,
  Root,
  Scan,
  ScanOptions,
  Unit,
} from "./source.js";
export { filteredOf, matchesFilter } from "./sweep/filters.js";
export { heldSteps } from "./sweep/held-steps.js";
export { planFolders } from "./sweep/plan.js";
export { onlySessions } from "./sweep/plan-figures.js";
export type {
  FolderPlan,
  FolderStep,
  HeldStep,
  LeaveReason,
  PlacePlan,
  PlannedHeld,
  StepAction,
} from "./sweep/plan-types.js";
export { DEFAULT_FOLDER_POLICY, type FolderPolicy, folderPolicy, type UnitFilter } from "./sweep/policy.js";
export type { FinishDone, FolderReport, StepDone, StepOutcome } from "./sweep/report.js";
export { type SweepFoldersOptions, sweepFolders } from "./sweep/run.js";
export { tidyHeld } from "./sweep/tidy-held.js";
export { type UndoOptions, type UndoReport, undoRun } from "./undo.js";
export { isDenied } from "./walk/deny-list.js";
export { type Walked, type WalkedFile, walk } from "./walk/walk.js";
export { type LinuxWritersOptions, linuxWriters } from "./writers/linux.js";
export type { Pass, Self } from "./writers/pass.js";
export type { Proc, Unseen } from "./writers/proc.js";
export { whyNotFreed } from "./writers/why-not-freed.js";
