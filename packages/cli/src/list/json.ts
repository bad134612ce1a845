/** Lists sessions as one JSON document, written as they come. */
import type { ListDocument } from "../documents.js";
import { jsonText } from "../output/text.js";
import type { Units } from "./units.js";

/** `rest`: is called after the last session. */
export async function* jsonParts(
  units: Units,
  rest: () => Pick<ListDocument, "hidden" | "nextCursor" | "total">,
): AsyncGenerator<string> {
  yield '{"schemaVersion":1,"kind":"list","sessions":[';
  let separator = "";
  for await (const some of units) {
    const sessions = some.flatMap(({ session, children }) => [session, ...children]);
    yield separator + sessions.map(jsonText).join(",\n");
    separator = ",\n";
  }
  const { hidden, total, nextCursor } = rest();
  yield `],${jsonText({ hidden, total, nextCursor }).slice(1)}\n`;
}
