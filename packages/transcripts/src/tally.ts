/** What the lines of one agent say of their session, taken together. */
import type { Facts, Usage } from "./agent.js";
import { AGENTS } from "./agents.js";
import type { Entry } from "./entry.js";
import { genericEntry } from "./generic/entry.js";
import type { JsonObject } from "./json.js";
import type { TranscriptKind } from "./kind.js";
import { type Step, stepCounter } from "./steps.js";
import { shorten, userWords } from "./title.js";

/** What isn't said is `undefined`. */
export interface SessionFacts {
  /** The agent's own id of the session. */
  readonly nativeId: string | undefined;
  /** The agent's own id of the session that this one is a part of, or went on from. */
  readonly nativeParent?: string | undefined;
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

/** Where the title is from: each is better than those before. */
export type TitleOrigin = "command" | "words" | "name";

/** All that it takes to go on with what comes behind. */
export interface TallyState {
  readonly facts: SessionFacts;
  readonly titleFrom: TitleOrigin | undefined;
  /** Those met last. */
  readonly steps: readonly Step[];
}

export interface Tally {
  add(line: JsonObject): void;
  facts(): SessionFacts;
  state(): TallyState;
}

/** Steps that a state holds: lines of one step lie close together. */
const STEPS_OF_STATE = 12;
/** Texts longer than this are no names, ids or paths. */
const LONGEST_FACT = 1000;
const MOST_MODELS = 50;

const speaks = ({ role, blocks }: Entry): boolean => role === "assistant" && blocks.some(({ type }) => type === "text");

/** None of a line that is nested too deep to be followed. */
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

/** `from`: the state that the lines before have led to. */
export function tally(kind: TranscriptKind, from?: TallyState): Tally {
  const first = {
    id: from?.facts.nativeId,
    parent: from?.facts.nativeParent,
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
    // A fork may hold what is said of its parent, too.
    if (!facts.id || facts.id === first.id) first.parent ??= brief(facts.parent);
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
