/** What a parser knows of one agent's lines. */
import type { Entry } from "./entry.js";
import type { JsonObject } from "./json.js";

/**
 * `sure`: no other known agent writes such a line; `likely`: the line has the agent's shape, which others may share.
 */
export type Fit = "sure" | "likely" | undefined;

/** Tokens. */
export interface Usage {
  /** Input tokens that did not come from a cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What one line says of its session. Nothing is inferred: what the line doesn't say is absent. */
export interface Facts {
  /** The agent's own id of the session. */
  readonly id?: string | null;
  /** The agent's own id of the session that this one belongs to or continues. */
  readonly parent?: string | null;
  /** Whether an agent called it, that of its parent. */
  readonly isSubagent?: boolean;
  /** The agent's working directory. */
  readonly cwd?: string | null;
  readonly branch?: string | null;
  /** A name given by the agent or its user. */
  readonly title?: string | null;
  readonly model?: string | null;
  /** The agent's version. */
  readonly version?: string | null;
  /** Tokens of one step; lines with the same `step` describe the same one. */
  readonly usage?: Usage | null;
  readonly step?: string | null;
  /** Messages that this one line holds. */
  readonly messages?: readonly JsonObject[];
  /** Tokens of the session so far. */
  readonly usageSoFar?: Usage | null;
}

export interface Agent {
  /** The name as its makers write it. */
  readonly name: string;
  /** `null`: not one of this agent's lines. */
  entries(line: JsonObject): readonly Entry[] | null;
  facts(line: JsonObject): Facts;
}
