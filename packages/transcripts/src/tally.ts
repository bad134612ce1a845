/** Adds up what the lines of one agent say of their session. */
import type { Facts, Usage } from "./agent.js";
import { AGENTS } from "./agents.js";
import type { Entry } from "./entry.js";
import { genericEntry } from "./generic/entry.js";
import type { JsonObject } from "./json.js";
import type { TranscriptKind } from "./kind.js";
import { type Step, stepCounter } from "./steps.js";
import { shorten, userWords } from "./title.js";

/** `undefined`: no line says it. */
export interface SessionFacts {
  /** The agent's own id of the session. */
  readonly nativeId: string | undefined;
  /** The agent's own id of the session that this one belongs to or continues. */
  readonly nativeParent?: string | undefined;
  /** Whether an agent called it, that of the session with this id. */
  readonly isSubagent?: boolean | undefined;
  /** The agent's working directory. */
  readonly cwd: string | undefined;
  readonly branch: string | undefined;
  /** The name given last, otherwise the user's first words. */
  readonly title: string | undefined;
  /** The agent's version, from the first line that has one. */
  readonly version: string | undefined;
  /** In the order of their first use. */
  readonly models: readonly string[];
  /** Messages that people wrote, and answers that contain text; an answer over several lines counts once. */
  readonly messages: { readonly user: number; readonly assistant: number };
  readonly usage: Usage | undefined;
}

/** Where the title is from, the worst origin first. */
export type TitleOrigin = "command" | "words" | "name";

/** Everything needed to continue with later lines. */
export interface TallyState {
  readonly facts: SessionFacts;
  readonly titleFrom: TitleOrigin | undefined;
  /** The steps mentioned last. */
  readonly steps: readonly Step[];
}

export interface Tally {
  add(line: JsonObject): void;
  facts(): SessionFacts;
  state(): TallyState;
}

/** How many steps a state holds: lines of one step lie close together. */
const STEPS_OF_STATE = 12;
/** Longer texts are not names, ids or paths. */
const LONGEST_FACT = 1000;
const MOST_MODELS = 50;

const speaks = ({ role, blocks }: Entry): boolean => role === "assistant" && blocks.some(({ type }) => type === "text");

/** Empty for a line that is nested too deep. */
function entriesOf(kind: TranscriptKind, line: JsonObject): readonly Entry[] {
  try {
    return kind === "other" ? [genericEntry(line)] : (AGENTS[kind].entries(line) ?? []);
  } catch {
    return [];
  }
}

const factsOf = (kind: TranscriptKind, line: JsonObject): Facts => (kind === "other" ? {} : AGENTS[kind].facts(line));

const brief = (text: string | null | undefined): string | undefined =>
  text && text.length <= LONGEST_FACT ? text.toWellFormed() : undefined;

/** `from`: the state after the earlier lines. */
export function tally(kind: TranscriptKind, from?: TallyState): Tally {
  const first = {
    id: from?.facts.nativeId,
    parent: from?.facts.nativeParent,
    isSubagent: from?.facts.isSubagent,
    cwd: from?.facts.cwd,
    branch: from?.facts.branch,
    version: from?.facts.version,
  };
  const models = new Set(from?.facts.models);
  const titles: { [origin in TitleOrigin]?: string | undefined } = from?.titleFrom
    ? { [from.titleFrom]: from.facts.title }
    : {};
  const steps = stepCounter(from && { steps: from.steps, total: from.facts.usage });
  let soFar: Usage | undefined;
  let { user, assistant } = from?.facts.messages ?? { user: 0, assistant: 0 };

  const addUsage = ({ usage, usageSoFar }: Facts, step: string | undefined): void => {
    if (usageSoFar) soFar = usageSoFar;
    if (!usage) return;
    if (step === undefined) steps.add(usage);
    else steps.use(step, usage);
  };
  const count = (entry: Entry, step: string | undefined): void => {
    const isUser = entry.role === "user";
    if (!isUser && !speaks(entry)) return;
    if (step !== undefined && !steps.count(step)) return;
    if (isUser) user++;
    else assistant++;
  };
  const add = (line: JsonObject, isInner = false): void => {
    const facts = factsOf(kind, line);
    const step = brief(facts.step);
    first.id ??= brief(facts.id);
    // A fork may also hold lines about its parent.
    if (!facts.id || facts.id === first.id) {
      first.parent ??= brief(facts.parent);
      first.isSubagent ??= facts.isSubagent || undefined;
    }
    first.cwd ??= brief(facts.cwd);
    first.branch ??= brief(facts.branch);
    first.version ??= brief(facts.version);
    const model = brief(facts.model);
    if (model !== undefined && models.size < MOST_MODELS) models.add(model);
    if (facts.title) titles.name = shorten(facts.title);
    addUsage(facts, step);
    if (!isInner && facts.messages && facts.messages.length > 0) {
      for (const message of facts.messages) add(message, true);
      return;
    }
    for (const entry of entriesOf(kind, line)) count(entry, step);
    const words = userWords(line);
    if (words) titles[words.isCommand ? "command" : "words"] ??= words.title;
  };
  const facts = (): SessionFacts => ({
    nativeId: first.id,
    nativeParent: first.parent,
    isSubagent: first.isSubagent,
    cwd: first.cwd,
    branch: first.branch,
    title: titles.name ?? titles.words ?? titles.command,
    version: first.version,
    models: [...models],
    messages: { user, assistant },
    usage: soFar ?? steps.usage(),
  });
  return {
    add: (line) => add(line),
    facts,
    state: () => ({
      facts: facts(),
      titleFrom: (["name", "words", "command"] as const).find((origin) => titles[origin] !== undefined),
      steps: steps.last(STEPS_OF_STATE),
    }),
  };
}
