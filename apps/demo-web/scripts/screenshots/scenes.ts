/** The app's main states, in an order in which each prepares the next. */
import type { Scene } from "./scene.ts";
import { empty, imports, list, subagents, wrongAddresses } from "./scenes/imports.ts";
import { real, transcripts } from "./scenes/transcripts.ts";
import { failure, pruning, storage, sweep, tombstone } from "./scenes/upkeep.ts";

export const SCENES: readonly Scene[] = [
  empty,
  imports,
  list,
  subagents,
  wrongAddresses,
  transcripts,
  real,
  sweep,
  storage,
  tombstone,
  failure,
  pruning,
];
