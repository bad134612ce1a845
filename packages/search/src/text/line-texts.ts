/** The texts of one line, each of which a term may be in. */
import { withoutEscapes } from "./escapes.js";
import { jsonTexts, parsed } from "./json-texts.js";

export interface LineText {
  readonly text: string;
  /** `null` if it has none. */
  readonly field: () => string | null;
}

const none = (): null => null;

/**
 * Of a line that is a JSON object or array: its strings, decoded. Of any other: the line as it stands, and with JSON's
 * escapes resolved.
 */
export function lineTexts(line: string): readonly LineText[] {
  const value = parsed(line.trimStart());
  if (value === undefined) return plainTexts(line);
  return jsonTexts(value).map(({ text, path }) => ({ text, field: path }));
}

function plainTexts(line: string): readonly LineText[] {
  const resolved = withoutEscapes(line);
  return (resolved === line ? [line] : [line, resolved]).map((text) => ({ text, field: none }));
}
