/** Codex: `~/.codex/sessions/YYYY/MM/DD/rollout-….jsonl`, and `archived_sessions/` for those that Codex has archived. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import type { AgentSource } from "../source.js";
import { ARCHIVED, arrangeCodex } from "./arrange.js";
import { knownHeads } from "./known-heads.js";
import { neededByStaying } from "./lineage.js";
import { codexLive } from "./live.js";
import { isThreadId, rolloutName } from "./names.js";
import { scanCodex } from "./scan.js";
import { type CodexSystem, linuxSystem } from "./system.js";

/** `system`: what this machine shows of running processes. */
export function createCodexSource(system: CodexSystem): AgentSource {
  const heads = knownHeads();
  return {
    name: "codex",
    label: "Codex",
    home: (env) => {
      const named = env["CODEX_HOME"];
      if (named) return resolve(named);
      const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
      return isAbsolute(home) ? join(home, ".codex") : undefined;
    },
    roots: ["sessions", ARCHIVED],
    owns: (_root, path) => rolloutName(path)?.isCompressed === false,
    scan: scanCodex,
    live: (place, files, options) => codexLive(place.home, files, system, options),
    neededBy: async (_place, _files, freeing, staying) => neededByStaying(freeing, staying),
    // Codex deletes nothing by itself.
    cleanUpAt: () => undefined,
    arrange: (place, files, nativeId, restored) => arrangeCodex(place, files, nativeId, restored, heads),
    resume(nativeId) {
      if (isThreadId(nativeId)) return { command: "codex", args: ["resume", nativeId] };
      const message = `${JSON.stringify(nativeId)} is no id of a Codex thread, so it can't be resumed. Name one as sessions show it.`;
      throw new ArchiverError("INVALID_ARGUMENT", message);
    },
  };
}

export const codexSource: AgentSource = createCodexSource(linuxSystem());
