/** Looks for all terms in a line. */
import type { CompiledQuery } from "../query/compile.js";
import { type Found, findIn } from "./find-in.js";
import { textsOfLine } from "./line-texts.js";

export function findInLine(line: string, query: CompiledQuery): Found | undefined {
  const { texts, more } = textsOfLine(line);
  const found = findIn(texts, query);
  if (found) return found;
  const others = more();
  return others.length === 0 ? undefined : findIn([...texts, ...others], query);
}
