/** Who wrote a transcript, and which session it is. */
import { type AgentId, guessOf, type TranscriptKind } from "./kind.js";
import { recordsOf } from "./lines/records.js";
import { type SessionFacts, type Tally, tally } from "./tally.js";

export interface Identity extends SessionFacts {
  readonly kind: TranscriptKind;
  /** `<agent>:<native id>`: the same wherever the file lies; `undefined` where no line tells it. */
  readonly id: string | undefined;
}

export interface Identifier {
  /** One line after the other, from the first. Keeps nothing of them but what `identity` gives. */
  add(line: string): void;
  identity(): Identity;
}

const NOTHING: SessionFacts = {
  nativeId: undefined,
  cwd: undefined,
  branch: undefined,
  title: undefined,
  version: undefined,
  models: [],
  messages: { user: 0, assistant: 0 },
  usage: undefined,
};

/** The first line that only one agent writes decides; without one, the first that an agent may have written. */
export function identifier(): Identifier {
  const tallies = new Map<AgentId, Tally>();
  let sure: AgentId | undefined;
  let likely: AgentId | undefined;

  const tallyOf = (agent: AgentId): Tally => {
    const known = tallies.get(agent) ?? tally(agent);
    tallies.set(agent, known);
    return known;
  };
  return {
    add(line) {
      for (const record of recordsOf(line)) {
        const guess = guessOf(record, sure ?? likely);
        if (guess?.isSure) sure ??= guess.agent;
        likely ??= guess?.agent;
        const agent = guess?.agent ?? sure ?? likely;
        if (agent) tallyOf(agent).add(record);
      }
    },
    identity() {
      const agent = sure ?? likely;
      const facts = (agent && tallies.get(agent)?.facts()) ?? NOTHING;
      const id = agent && facts.nativeId !== undefined ? `${agent}:${facts.nativeId}` : undefined;
      return { kind: agent ?? "other", id, ...facts };
    },
  };
}

/** A document over several lines is one record. */
const linesOf = (text: string): readonly string[] => (/^\s*[[{]\s*\n/.test(text) ? [text] : text.split("\n"));

/** From its lines, or its first bytes, which may end anywhere. What later lines would say isn't in it. */
export function identify(transcript: Iterable<string> | Uint8Array): Identity {
  const lines =
    transcript instanceof Uint8Array
      ? linesOf(new TextDecoder().decode(transcript))
      : typeof transcript === "string"
        ? linesOf(transcript)
        : transcript;
  const found = identifier();
  for (const line of lines) found.add(line);
  return found.identity();
}
