/** Claude Code's folder as a source of sessions. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { machineProcesses, type Processes } from "../live/processes.js";
import type { AgentSource, LeftOut, Scan, Unit } from "../source.js";
import { arrangeClaudeCode, stillNewest } from "./arrange.js";
import { CLEAN_UP_ASSUMES, claudeCodeCleanUpAt } from "./clean-up.js";
import { isClaudeCodeFragment } from "./fragment.js";
import { claudeCodeLive } from "./live.js";
import { AGENT, isPlaceOfSession, PROJECTS } from "./names.js";
import { neededByForks } from "./needed-by.js";
import { resumeClaudeCode } from "./resume.js";
import { claudeCodeUnits } from "./units.js";

/** `processes`: those among which the ones are looked for that Claude Code's notes name. */
export function claudeCodeSource(processes: Processes = machineProcesses): AgentSource {
  return {
    name: AGENT,
    label: "Claude Code",
    roots: [PROJECTS],
    owns: (_root, path) => isPlaceOfSession(path),
    home(env) {
      const named = env["CLAUDE_CONFIG_DIR"];
      if (named) return resolve(named);
      const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
      return isAbsolute(home) ? join(home, ".claude") : undefined;
    },
    async scan(place, files, options) {
      const scans: Scan[] = [];
      for (const root of place.roots) scans.push(await claudeCodeUnits(root, files, options));
      return {
        units: scans.flatMap(({ units }): readonly Unit[] => units),
        leftOut: scans.flatMap(({ leftOut }): readonly LeftOut[] => leftOut),
      };
    },
    live: (place, files, options) => claudeCodeLive(place, files, processes, options),
    neededBy: (place, files, freeing, staying, op) => neededByForks(place, files, freeing, staying, op),
    cleanUpAt: claudeCodeCleanUpAt,
    cleanUpAssumes: CLEAN_UP_ASSUMES,
    arrange: arrangeClaudeCode,
    stillTrue: stillNewest,
    isFragment: isClaudeCodeFragment,
    resume: resumeClaudeCode,
  };
}
