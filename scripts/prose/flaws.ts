import { HABITS } from "./habits.ts";
import { type Flaw, realHomes, wideLines } from "./layout.ts";
import { proseOf } from "./prose-of.ts";

/** All that is wrong with a file, from its top on. `path` decides whether it is read as Markdown or as TypeScript. */
export function flawsIn(path: string, text: string): readonly Flaw[] {
  const prose = proseOf(path, text);
  const habits = HABITS.flatMap(({ name, pattern, instead }) =>
    [...prose.matchAll(pattern)].map(({ index, 0: found }) => ({
      // The pattern may begin with the end of the sentence before.
      at: index + Math.max(0, found.search(/[\p{L}\p{N}]/u)),
      what: name,
      instead,
    })),
  );
  return [...habits, ...wideLines(path, text), ...realHomes(text)].sort((a, b) => a.at - b.at);
}

/** The line of the file that this offset is in, from 1. */
export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
