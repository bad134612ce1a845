/** Facts as JSON for a store, with the state needed to continue from them. A stored value may have any shape. */
import type { Usage } from "./agent.js";
import type { IdentifierState, Identity } from "./identify.js";
import { asArray, asNumber, asObject, asText, asTokens, type JsonObject } from "./json.js";
import { isAgentId, type TranscriptKind } from "./kind.js";
import type { Step } from "./steps.js";
import type { SessionFacts, TallyState, TitleOrigin } from "./tally.js";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * `agent` (`other` if no known agent writes such lines), `id`, `parent`, `isSubagent` (only if so), `cwd`, `branch`, `title`, `version`, `models`,
 * `messages: { user, assistant }`, `usage: { input, output, cacheRead, cacheWrite }`; what no line says is absent.
 * `state` is needed to continue.
 */
export type FactValues = { readonly [key: string]: Json };

const TITLE_ORIGINS: readonly unknown[] = ["name", "words", "command"] satisfies readonly TitleOrigin[];
const TEXTS = ["cwd", "branch", "title", "version"] as const;

/** The values without those that are `undefined`. */
const told = (values: { readonly [key: string]: Json | undefined }): FactValues =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, Json] => pair[1] !== undefined));

const plain = ({ input, output, cacheRead, cacheWrite }: Usage): FactValues => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

function factsToJson(facts: SessionFacts): FactValues {
  const { isSubagent, cwd, branch, title, version, models, messages, usage } = facts;
  const { user, assistant } = messages;
  return told({
    ...{ isSubagent, cwd, branch, title, version, models },
    messages: { user, assistant },
    usage: usage && plain(usage),
  });
}

function stepToJson({ id, isCounted, usage }: Step): Json {
  const counted = isCounted ? 1 : 0;
  return usage ? [id, counted, usage.input, usage.output, usage.cacheRead, usage.cacheWrite] : [id, counted];
}

function tallyToJson({ facts, titleFrom, steps }: TallyState, isShown: boolean): FactValues {
  const { nativeId, nativeParent } = facts;
  return {
    ...(isShown ? {} : factsToJson(facts)),
    ...told({ nativeId, nativeParent, titleFrom }),
    ...(steps.length > 0 ? { steps: steps.map(stepToJson) } : {}),
  };
}

/** `tail`: an unfinished line that `identity` includes but `state` does not. */
export function toValues(identity: Identity, { sure, likely, tallies }: IdentifierState, tail?: string): FactValues {
  const isShown = (kind: TranscriptKind): boolean => tail === undefined && kind === identity.kind;
  const state = told({
    sure,
    likely: sure ? undefined : likely,
    tallies: Object.fromEntries(tallies.map(([kind, tally]) => [kind, tallyToJson(tally, isShown(kind))])),
    tail,
  });
  const { kind: agent, id, parent } = identity;
  return { ...told({ agent, id, parent }), ...factsToJson(identity), state };
}

const textIn = (value: unknown): string | undefined => asText(value) ?? undefined;

const usageIn = ([input, output, cacheRead, cacheWrite]: readonly unknown[]): Usage => ({
  input: asTokens(input),
  output: asTokens(output),
  cacheRead: asTokens(cacheRead),
  cacheWrite: asTokens(cacheWrite),
});

function stepIn(value: unknown): readonly Step[] {
  const [id, counted, ...usage] = asArray(value) ?? [];
  if (typeof id !== "string") return [];
  return [{ id, isCounted: counted === 1, usage: usage.length > 0 ? usageIn(usage) : undefined }];
}

/** `shown`: holds the facts that `tally` leaves out. */
function tallyIn(tally: JsonObject, shown: JsonObject): TallyState {
  const from = tally["messages"] === undefined ? shown : tally;
  const [cwd, branch, title, version] = TEXTS.map((key) => textIn(from[key]));
  const messages = asObject(from["messages"]);
  const usage = asObject(from["usage"]);
  const titleFrom = tally["titleFrom"];
  return {
    facts: {
      nativeId: textIn(tally["nativeId"]),
      nativeParent: textIn(tally["nativeParent"]),
      isSubagent: from["isSubagent"] === true || undefined,
      cwd,
      branch,
      title,
      version,
      models: (asArray(from["models"]) ?? []).filter((model) => typeof model === "string"),
      messages: { user: asCount(messages?.["user"]), assistant: asCount(messages?.["assistant"]) },
      usage: usage ? usageIn([usage["input"], usage["output"], usage["cacheRead"], usage["cacheWrite"]]) : undefined,
    },
    titleFrom: TITLE_ORIGINS.includes(titleFrom) ? (titleFrom as TitleOrigin) : undefined,
    steps: (asArray(tally["steps"]) ?? []).flatMap(stepIn),
  };
}

const asCount = (value: unknown): number => Math.max(0, Math.trunc(asNumber(value) ?? 0));

/** The state that was passed to `toValues`; an empty state for any other value. */
export function stateIn(values: FactValues | undefined): {
  readonly state: IdentifierState | undefined;
  readonly tail: string | undefined;
} {
  const state = asObject(values?.["state"]);
  if (!values || !state) return { state: undefined, tail: undefined };
  const agentIn = (value: unknown) => (isAgentId(value) ? value : undefined);
  const tallies = Object.entries(asObject(state["tallies"]) ?? {}).flatMap(([kind, tally]) => {
    const known = asObject(tally);
    return known && (kind === "other" || isAgentId(kind)) ? [[kind, tallyIn(known, values)] as const] : [];
  });
  const tail = state["tail"];
  return {
    state: { sure: agentIn(state["sure"]), likely: agentIn(state["likely"]), tallies },
    tail: typeof tail === "string" ? tail : undefined,
  };
}

/** Bytes as text with one character each, because a line may be cut within a character. */
export const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
