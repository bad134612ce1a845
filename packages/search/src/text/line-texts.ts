/** The texts of one line, each of which a term may be in. */
import { droppedTexts } from "./dropped-texts.js";
import { withoutEscapes } from "./escapes.js";
import { type JsonText, jsonTexts, parsed } from "./json-texts.js";

export interface LineText {
  readonly text: string;
  /** `null` if it has none. */
  readonly field: () => string | null;
}

const none = (): null => null;

/** The texts of one line. */
export interface TextsOfLine {
  /**
   * Of a line that is a JSON object or array: its strings, decoded. Of any other: the line as it stands, and with JSON's
   * escapes resolved.
   */
  readonly texts: readonly LineText[];
  /** Strings in its JSON that are not among these, because their names come again. Found at some cost. */
  more(): readonly LineText[];
}

export function textsOfLine(line: string): TextsOfLine {
  const json = line.trimStart();
  const value = parsed(json);
  if (value === undefined) return { texts: plainTexts(line), more: () => [] };
  return { texts: jsonTexts(value).map(inField), more: () => droppedTexts(json).map(inField) };
}

function inField({ text, path }: JsonText): LineText {
  return { text, field: path };
}

function plainTexts(line: string): readonly LineText[] {
  const resolved = withoutEscapes(line);
  return (resolved === line ? [line] : [line, resolved]).map((text) => ({ text, field: none }));
}
