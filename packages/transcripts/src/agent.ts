/** What is known of one agent's lines. */
import type { Entry } from "./entry.js";
import type { JsonObject } from "./json.js";

/** `sure`: nobody else is known to write such a line; `likely`: it has the shape, others may share it. */
export type Fit = "sure" | "likely" | undefined;

/** Tokens. */
export interface Usage {
  /** Not from a cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What a line tells of its session. Nothing is worked out: what a line doesn't say isn't there. */
export interface Facts {
  /** The agent's own id of the session. */
  readonly id?: string | null;
  /** The agent's own id of the session that this one is a part of, or went on from. */
  readonly parent?: string | null;
  /** The working directory, where the agent was. */
  readonly cwd?: string | null;
  readonly branch?: string | null;
  /** A name given by the agent or its user. */
  readonly title?: string | null;
  readonly model?: string | null;
  /** The agent's version. */
  readonly version?: string | null;
  /** Of one step; lines with the same `step` tell of the same one. */
  readonly usage?: Usage | null;
  readonly step?: string | null;
  /** Messages that the line holds as records of their own. */
  readonly messages?: readonly JsonObject[];
  /** Of the session so far. */
  readonly usageSoFar?: Usage | null;
}

export interface Agent {
  /** As its makers write it. */
  readonly name: string;
  /** `null`: not one of this agent's lines. */
  entries(line: JsonObject): readonly Entry[] | null;
  facts(line: JsonObject): Facts;
}
