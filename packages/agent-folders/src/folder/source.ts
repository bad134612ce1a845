/** A plain folder of `*.jsonl` files as a source of sessions: copies, exports, and agents that have no source of their own. */
import { changedLately } from "../live/changed-lately.js";
import type { AgentSource } from "../source.js";
import { ENDING, folderUnits } from "./units.js";

/** It has no usual place, and no agent that cleans up or resumes there. */
export const folderSource: AgentSource = {
  name: "folder",
  label: "Folder",
  roots: [""],
  owns: (_root, path) => ENDING.test(path),
  home: () => undefined,
  async scan({ roots: [root] }, files, options) {
    return root ? await folderUnits(root, files, options) : { units: [], leftOut: [] };
  },
  live: async (_place, _files, options) => changedLately(options),
  neededBy: async () => new Map(),
  cleanUpAt: () => undefined,
  arrange: async (_place, _files, _nativeId, restored) => ({
    mtimesMs: restored.map(({ mtimeMs }) => mtimeMs),
    warnings: [],
  }),
  resume: () => undefined,
};
