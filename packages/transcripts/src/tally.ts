/** What the lines of one agent say of their session, taken together. */
import type { Facts, Usage } from "./agent.js";
import { AGENTS } from "./agents.js";
import type { Entry } from "./entry.js";
import type { JsonObject } from "./json.js";
import type { AgentId } from "./kind.js";
import { userWords } from "./title.js";

/** What isn't said is `undefined`. */
export interface SessionFacts {
  /** The agent's own id of the session. */
  readonly nativeId: string | undefined;
  /** The working directory, where the agent was. */
  readonly cwd: string | undefined;
  readonly branch: string | undefined;
  /** The name given last, else the user's first words. */
  readonly title: string | undefined;
  /** The agent's version that wrote the first line that tells. */
  readonly version: string | undefined;
  /** In the order of their first use. */
  readonly models: readonly string[];
  /** What people wrote, and answers that say something; one that is spread over several lines is one. */
  readonly messages: { readonly user: number; readonly assistant: number };
  readonly usage: Usage | undefined;
}

export interface Tally {
  add(line: JsonObject): void;
  facts(): SessionFacts;
}

const sum = (a: Usage, b: Usage): Usage => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});

const speaks = ({ role, blocks }: Entry): boolean => role === "assistant" && blocks.some(({ type }) => type === "text");

/** None of a line that is nested too deep to be followed. */
function entriesOf(agent: AgentId, line: JsonObject): readonly Entry[] {
  try {
    return AGENTS[agent].entries(line) ?? [];
  } catch {
    return [];
  }
}

export function tally(agent: AgentId): Tally {
  const first: { id?: string; cwd?: string; branch?: string; version?: string; words?: string; command?: string } = {};
  const models = new Set<string>();
  const counted = new Set<string>();
  const steps = new Map<string, Usage>();
  let name: string | undefined;
  let unnamed: Usage | undefined;
  let soFar: Usage | undefined;
  let user = 0;
  let assistant = 0;

  const addUsage = ({ usage, step, usageSoFar }: Facts): void => {
    if (usageSoFar) soFar = usageSoFar;
    if (!usage) return;
    if (typeof step === "string") steps.set(step, usage);
    else unnamed = unnamed ? sum(unnamed, usage) : usage;
  };
  const count = (entry: Entry, step: string | null | undefined): void => {
    const isUser = entry.role === "user";
    if (!isUser && !speaks(entry)) return;
    if (typeof step === "string") {
      if (counted.has(step)) return;
      counted.add(step);
    }
    if (isUser) user++;
    else assistant++;
  };
  const add = (line: JsonObject, isInner = false): void => {
    const facts = AGENTS[agent].facts(line);
    if (facts.id) first.id ??= facts.id;
    if (facts.cwd) first.cwd ??= facts.cwd;
    if (facts.branch) first.branch ??= facts.branch;
    if (facts.version) first.version ??= facts.version;
    if (facts.model) models.add(facts.model);
    name = facts.title ?? name;
    addUsage(facts);
    if (!isInner && facts.messages && facts.messages.length > 0) {
      for (const message of facts.messages) add(message, true);
      return;
    }
    for (const entry of entriesOf(agent, line)) count(entry, facts.step);
    const words = userWords(line);
    if (words?.isCommand) first.command ??= words.title;
    else if (words) first.words ??= words.title;
  };
  return {
    add: (line) => add(line),
    facts: () => ({
      nativeId: first.id,
      cwd: first.cwd,
      branch: first.branch,
      title: name ?? first.words ?? first.command,
      version: first.version,
      models: [...models],
      messages: { user, assistant },
      usage:
        soFar ??
        [...steps.values(), ...(unnamed ? [unnamed] : [])].reduce<Usage | undefined>(
          (total, usage) => (total ? sum(total, usage) : usage),
          undefined,
        ),
    }),
  };
}
