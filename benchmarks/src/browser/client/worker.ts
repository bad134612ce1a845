/** The page's worker: runs the measured work, one call at a time, and answers with milliseconds. */
import { appendCommands } from "./appends.js";
import { codecCommands } from "./codecs.js";
import { layoutCommands } from "./layout.js";
import { sessionCommands } from "./sessions.js";
import { openCommands } from "./stores.js";
import { sweepCommands } from "./sweep.js";

export type Commands = typeof appendCommands &
  typeof codecCommands &
  typeof layoutCommands &
  typeof openCommands &
  typeof sessionCommands &
  typeof sweepCommands;

const commands: Commands = {
  ...appendCommands,
  ...codecCommands,
  ...layoutCommands,
  ...openCommands,
  ...sessionCommands,
  ...sweepCommands,
};
Object.assign(globalThis, { commands });
