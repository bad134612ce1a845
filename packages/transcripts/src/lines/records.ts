import { asObject, type JsonObject, parseJson } from "../json.js";
import { guessOf } from "../kind.js";
import { completeJson } from "./complete-json.js";
import { pieces } from "./pieces.js";

/**
 * The whole part of a record that breaks off. Its last value is left out, as it may be cut itself. The rest must
 * identify an agent for sure.
 */
function headOf(text: string): JsonObject | null {
  const lastKey = Math.max(text.lastIndexOf(',"'), text.lastIndexOf(",\n"));
  const head = lastKey < 0 ? null : asObject(completeJson(text.slice(0, lastKey)));
  return head && guessOf(head)?.isSure ? head : null;
}

/** The records of a line; of those that break off, the whole part. Lists and other values do not count. */
export function recordsOf(line: string): readonly JsonObject[] {
  const value = parseJson(line);
  if (value !== undefined) {
    const record = asObject(value);
    return record ? [record] : [];
  }
  return pieces(line).flatMap(({ text, value: whole }) => {
    const record = whole ?? headOf(text);
    return record ? [record] : [];
  });
}
