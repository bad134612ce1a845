import { asObject, type JsonObject, parseJson } from "../json.js";
import { guessOf } from "../kind.js";
import { completeJson } from "./complete-json.js";
import { pieces } from "./pieces.js";

/** The last value of a record that breaks off may be cut itself: it is left out. What is left must be beyond doubt. */
function headOf(text: string): JsonObject | null {
  const lastKey = Math.max(text.lastIndexOf(',"'), text.lastIndexOf(",\n"));
  const head = lastKey < 0 ? null : asObject(completeJson(text.slice(0, lastKey)));
  return head && guessOf(head)?.isSure ? head : null;
}

/** The records of a line, of those that break off what is whole of them. Lists and other values are none. */
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
