/** Identifies the agent that wrote a transcript by the shape of its lines. */
import type { Fit } from "./agent.js";
import { claudeCodeFit } from "./claude-code/shape.js";
import { codexFit } from "./codex/shape.js";
import { copilotFit } from "./copilot/shape.js";
import { cursorFit } from "./cursor/shape.js";
import { geminiFit } from "./gemini/shape.js";
import type { JsonObject } from "./json.js";
import { kimiFit } from "./kimi/shape.js";
import { opencodeFit } from "./opencode/shape.js";
import { piFit } from "./pi/shape.js";
import { qwenFit } from "./qwen/shape.js";

export type AgentId = "claude-code" | "codex" | "gemini" | "qwen" | "copilot" | "pi" | "opencode" | "cursor" | "kimi";

/**
 * The agent that wrote the transcript; decides how its lines are shown. `other`: an agent whose lines are not known.
 */
export type TranscriptKind = AgentId | "other";

const FITS: readonly (readonly [AgentId, (line: JsonObject) => Fit])[] = [
  ["claude-code", claudeCodeFit],
  ["codex", codexFit],
  ["gemini", geminiFit],
  ["qwen", qwenFit],
  ["copilot", copilotFit],
  ["pi", piFit],
  ["opencode", opencodeFit],
  ["cursor", cursorFit],
  ["kimi", kimiFit],
];

/** All known agents. */
export const agentIds: readonly AgentId[] = FITS.map(([agent]) => agent);

/** An agent, and how well the line fits it. */
export interface Guess {
  readonly agent: AgentId;
  readonly isSure: boolean;
}

/** `file`: the kind of the whole file, which decides if a line fits several agents. */
export function guessOf(line: JsonObject, file: TranscriptKind = "other"): Guess | undefined {
  let likely: AgentId | undefined;
  for (const [agent, fit] of FITS) {
    const fits = fit(line);
    if (fits === "sure") return { agent, isSure: true };
    if (fits === "likely") likely = agent === file ? agent : (likely ?? agent);
  }
  return likely && { agent: likely, isSure: false };
}

/** The agent that this line identifies, if any. */
export const kindOfLine = (line: JsonObject): AgentId | undefined => guessOf(line)?.agent;

export const isAgentId = (value: unknown): value is AgentId => FITS.some(([agent]) => agent === value);
