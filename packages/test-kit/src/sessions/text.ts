/** Prose, code and tool output of the kind that fills agents' sessions. */
import type { Random } from "./random.js";

const SYLLABLES =
  "re con de pro in ex ter mi na lo ta se di ra vo ne li ma to ca si per ment ing tion er al ive ness able".split(" ");
const COMMON =
  "the to of and a in is it that for this with as on be are not file test function error value code if we can so now run from use line type have will should new return add fix check call let me I'll".split(
    " ",
  );
const CODE_WORDS =
  "const return import export function await async interface string number undefined expect describe throw new Error class extends if else for of".split(
    " ",
  );

/** A vocabulary of its own for each session: names repeat within a session, not between sessions. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly paths: readonly string[];
}

export function makeVocabulary(random: Random): Vocabulary {
  const word = (): string => Array.from({ length: 1 + random.below(3) }, () => random.skewed(SYLLABLES)).join("");
  const words = [...COMMON, ...Array.from({ length: 3000 }, word)];
  const paths = Array.from({ length: 60 }, () => `src/${word()}/${word()}-${word()}.ts`);
  return { words, paths };
}

export function prose(random: Random, { words, paths }: Vocabulary, length: number): string {
  const parts = Array.from({ length }, () =>
    random.next() < 0.03 ? `\`${random.skewed(paths)}\`` : random.skewed(words) + (random.next() < 0.08 ? "." : ""),
  );
  return parts.join(" ");
}

export function code(random: Random, { words }: Vocabulary, lines: number): string {
  return Array.from({ length: lines }, (_, i) => {
    const name = (): string => random.skewed(words).replace(/\W/g, "x");
    const indent = "  ".repeat(random.below(4));
    return `${String(i + 1).padStart(6)}\t${indent}${random.skewed(CODE_WORDS)} ${name()} = ${name()}.${name()}(${name()}, ${random.below(1000)});`;
  }).join("\n");
}
