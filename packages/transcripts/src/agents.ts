/** All known agents. */
import type { Agent } from "./agent.js";
import { claudeCodeEntry } from "./claude-code/entry.js";
import { claudeCodeFacts } from "./claude-code/facts.js";
import { codexEntry } from "./codex/entry.js";
import { codexFacts } from "./codex/facts.js";
import { copilotEntries } from "./copilot/entry.js";
import { copilotFacts } from "./copilot/facts.js";
import { cursorEntries, cursorFacts } from "./cursor/entry.js";
import type { Entry } from "./entry.js";
import { geminiEntries } from "./gemini/entry.js";
import { geminiFacts } from "./gemini/facts.js";
import type { JsonObject } from "./json.js";
import { kimiEntries } from "./kimi/entry.js";
import { kimiFacts } from "./kimi/facts.js";
import type { AgentId } from "./kind.js";
import { opencodeEntries } from "./opencode/entry.js";
import { opencodeFacts } from "./opencode/facts.js";
import { piEntries } from "./pi/entry.js";
import { piFacts } from "./pi/facts.js";
import { qwenEntries } from "./qwen/entry.js";
import { qwenFacts } from "./qwen/facts.js";

const one =
  (parse: (line: JsonObject) => Entry | null): Agent["entries"] =>
  (line) => {
    const found = parse(line);
    return found && [found];
  };

export const AGENTS: Readonly<Record<AgentId, Agent>> = {
  "claude-code": { name: "Claude Code", entries: one(claudeCodeEntry), facts: claudeCodeFacts },
  codex: { name: "Codex", entries: one(codexEntry), facts: codexFacts },
  gemini: { name: "Gemini CLI", entries: geminiEntries, facts: geminiFacts },
  qwen: { name: "Qwen Code", entries: qwenEntries, facts: qwenFacts },
  copilot: { name: "Copilot CLI", entries: copilotEntries, facts: copilotFacts },
  pi: { name: "pi", entries: piEntries, facts: piFacts },
  opencode: { name: "opencode", entries: opencodeEntries, facts: opencodeFacts },
  cursor: { name: "Cursor", entries: cursorEntries, facts: cursorFacts },
  kimi: { name: "Kimi", entries: kimiEntries, facts: kimiFacts },
};

/** The name as its makers write it. */
export const agentName = (agent: AgentId): string => AGENTS[agent].name;
