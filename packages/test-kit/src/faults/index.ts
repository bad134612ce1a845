export {
  canFailCalls,
  canMount,
  type DiskAttempt,
  failingCalls,
  fullDisk,
  NO_COMPILER,
  NO_MOUNT,
  noDescriptors,
  onSmallDisk,
  outcomesOf,
  readOnlyDisk,
  sweepOfFullDisk,
} from "./disks/disks.js";
export { KILL_SEED, KILLS, type KillOptions, runKills } from "./kills/kills.js";
export { makeOutputs } from "./kills/make-outputs.js";
export type { OpenedStore, StoreModule } from "./kills/protocol.js";
export { type Random, seeded } from "./kills/random.js";
export type { KillReport } from "./kills/report.js";
