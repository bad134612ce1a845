/** Identifies the agent that wrote a transcript, and its session. */
import { type AgentId, guessOf, type TranscriptKind } from "./kind.js";
import { recordsOf } from "./lines/records.js";
import { type SessionFacts, type Tally, type TallyState, tally } from "./tally.js";

export interface Identity extends SessionFacts {
  readonly kind: TranscriptKind;
  /** `<agent>:<native id>`: the same wherever the file lies; `undefined` if no line has it. */
  readonly id: string | undefined;
  /** The same for the session that this one belongs to or continues. */
  readonly parent?: string | undefined;
}

export interface Identifier {
  /** Takes the lines one after the other, from the first. Keeps only what `identity` needs. */
  add(line: string): void;
  identity(): Identity;
}

/** Everything needed to continue with later lines. */
export interface IdentifierState {
  /** The agent whose line decided, and the agent that may have written a line. */
  readonly sure: AgentId | undefined;
  readonly likely: AgentId | undefined;
  /** What each kind's lines say; once the agent is sure, only its own. */
  readonly tallies: readonly (readonly [TranscriptKind, TallyState])[];
}

export interface ResumableIdentifier extends Identifier {
  state(): IdentifierState;
}

/** The first line that only one agent writes decides; without one, the first line that an agent may have written. */
export function resumableIdentifier(from?: IdentifierState): ResumableIdentifier {
  const tallies = new Map<TranscriptKind, Tally>(
    (from?.tallies ?? []).map(([kind, state]) => [kind, tally(kind, state)]),
  );
  let sure = from?.sure;
  let likely = from?.likely;

  const tallyOf = (kind: TranscriptKind): Tally => {
    const known = tallies.get(kind) ?? tally(kind);
    tallies.set(kind, known);
    return known;
  };
  return {
    add(line) {
      for (const record of recordsOf(line)) {
        const guess = guessOf(record, sure ?? likely);
        if (guess?.isSure) sure ??= guess.agent;
        likely ??= guess?.agent;
        const kind = guess?.agent ?? sure ?? likely ?? "other";
        // The other agents' lines are no longer needed.
        if (sure === undefined || kind === sure) tallyOf(kind).add(record);
      }
    },
    identity() {
      const kind = sure ?? likely ?? "other";
      const facts = (tallies.get(kind) ?? tally(kind)).facts();
      const whole = (native: string | undefined): string | undefined =>
        kind === "other" || native === undefined ? undefined : `${kind}:${native}`;
      return { kind, id: whole(facts.nativeId), parent: whole(facts.nativeParent), ...facts };
    },
    state: () => ({
      sure,
      likely,
      tallies: [...tallies].flatMap(([kind, { state }]) => (sure && kind !== sure ? [] : [[kind, state()] as const])),
    }),
  };
}

export const identifier = (): Identifier => resumableIdentifier();

/** A document that spans several lines is one record. */
const linesOf = (text: string): readonly string[] => (/^\s*[[{]\s*\n/.test(text) ? [text] : text.split("\n"));

/** Reads lines, or a file's first bytes, which may end anywhere. What later lines would say is missing. */
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
