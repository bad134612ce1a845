/** Parses one line of a transcript. Total: any text gives something to show. */

import { AGENTS } from "../agents.js";
import { counted } from "../counted.js";
import { type Entry, entry, event, type Flaw, json, type ParsedLine } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asObject, parseJson } from "../json.js";
import { guessOf, type TranscriptKind } from "../kind.js";
import { completeJson } from "./complete-json.js";
import { type Piece, pieces } from "./pieces.js";

/** Shows a message without content, or with withheld reasoning only, as one quiet line. */
function withoutNothing(found: Entry): Entry {
  const { blocks } = found;
  if (!blocks.every((block) => block.type === "thinking" && block.text.trim() === "")) return found;
  return {
    ...found,
    role: "event",
    blocks: [blocks.length === 0 ? event("Empty message") : event("Thinking", "not recorded")],
  };
}

/** Parses by the agent whose shape the line has, whatever the rest of the file is; then by the file's kind. */
function fromValue(value: unknown, kind: TranscriptKind): readonly Entry[] {
  const line = asObject(value);
  if (line === null) return [entry("event", [json(value)])];
  const guess = guessOf(line, kind)?.agent;
  for (const agent of new Set([guess ?? kind, kind])) {
    const found = agent === "other" ? null : AGENTS[agent].entries(line);
    if (found && found.length > 0) return found.map(withoutNothing);
  }
  return [genericEntry(line)];
}

const NUL = String.fromCharCode(0);

/** The text without NULs (blocks that a crash left unwritten), surrounding white space, and a byte order mark. */
const bare = (text: string): string =>
  (text.startsWith(NUL) || text.endsWith(NUL) ? text.replaceAll(NUL, "") : text).trim();

const flawed = (flaw: Flaw, entries: readonly Entry[]): ParsedLine => ({ entries, flaw });
const raw = (text: string): Entry => entry("event", [{ type: "raw", text }]);

function parse(text: string, kind: TranscriptKind, truncated: boolean): ParsedLine {
  const line = bare(text);
  if (line === "") {
    const nuls = text.split(NUL).length - 1;
    return flawed("blank", [entry("event", [event("Blank line", nuls > 0 ? counted(nuls, "zero byte") : "")])]);
  }
  const value = truncated ? undefined : parseJson(line);
  if (value !== undefined) return { entries: fromValue(value, kind), flaw: null };
  const found = pieces(line);
  if (found.length === 0) return flawed("not-json", [raw(line)]);
  return flawed(
    truncated ? "cut" : flawOf(found),
    found.flatMap((piece) => fromPiece(piece, kind)),
  );
}

function fromPiece({ text, value }: Piece, kind: TranscriptKind): readonly Entry[] {
  const start = value ?? completeJson(text);
  return start === undefined ? [raw(text)] : fromValue(start, kind);
}

function flawOf(found: readonly Piece[]): Flaw {
  if (found.some(({ text, value }) => value === undefined && text.startsWith("{"))) return "torn";
  if (found.every(({ value }) => value !== undefined)) return "glued";
  return found.some(({ value }) => value !== undefined) ? "mixed" : "not-json";
}

/** `truncated`: the text is only the beginning of the line. */
export function parseLine(text: string, kind: TranscriptKind, truncated = false): ParsedLine {
  try {
    return parse(text, kind, truncated);
  } catch {
    // Only nesting that overflows the stack gets here.
    return flawed("unreadable", [raw(text)]);
  }
}
