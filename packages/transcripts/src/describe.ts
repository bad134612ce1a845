/** What a session is, from its first lines. */
import { asObject, parseJson } from "./json.js";
import { kindOfLine, type TranscriptKind } from "./kind.js";
import { userWords } from "./title.js";

/** Lines in which kind and title are looked for. */
const DESCRIBED_LINES = 400;

export interface Description {
  readonly kind: TranscriptKind;
  /** The user's first words. */
  readonly title: string | undefined;
}

export interface Describer extends Description {
  /** One line after the other, from the first. */
  add(line: string): void;
}

export function describer(): Describer {
  let lines = 0;
  let kind: TranscriptKind | undefined;
  let title: string | undefined;
  let command: string | undefined;
  return {
    get kind() {
      return kind ?? "other";
    },
    get title() {
      return title ?? command;
    },
    add(text) {
      if (++lines > DESCRIBED_LINES || (kind && title !== undefined)) return;
      const line = asObject(parseJson(text));
      if (!line) return;
      kind ??= kindOfLine(line);
      const words = title === undefined ? userWords(line) : undefined;
      if (words?.isCommand) command ??= words.title;
      else if (words) title = words.title;
    },
  };
}
