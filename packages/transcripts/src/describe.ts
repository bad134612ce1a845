/** Finds a session's kind and title in its first lines. */
import { type AgentId, guessOf, type TranscriptKind } from "./kind.js";
import { recordsOf } from "./lines/records.js";
import { userWords } from "./title.js";

/** How many lines are searched for kind and title. */
const DESCRIBED_LINES = 400;

export interface Description {
  readonly kind: TranscriptKind;
  /** The user's first words. */
  readonly title: string | undefined;
}

export interface Describer extends Description {
  /** Takes the lines one after the other, from the first. */
  add(line: string): void;
}

export function describer(): Describer {
  let lines = 0;
  let sure: AgentId | undefined;
  let likely: AgentId | undefined;
  let title: string | undefined;
  let command: string | undefined;
  return {
    get kind() {
      return sure ?? likely ?? "other";
    },
    get title() {
      return title ?? command;
    },
    add(text) {
      if (++lines > DESCRIBED_LINES || (sure && title !== undefined)) return;
      for (const record of recordsOf(text)) {
        const guess = sure ? undefined : guessOf(record);
        if (guess?.isSure) sure = guess.agent;
        else likely ??= guess?.agent;
        const words = title === undefined ? userWords(record) : undefined;
        if (words?.isCommand) command ??= words.title;
        else if (words) title = words.title;
      }
    },
  };
}
