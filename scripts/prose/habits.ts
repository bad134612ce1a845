/** Turns of phrase that have to be decoded, and plain ones to write in their place. */

export interface Habit {
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
  readonly pattern: RegExp;
}

/** Where a sentence can begin: a comment, string, paragraph, list item or table cell, or behind the end of another. */
const START = String.raw`(?:^|\uE000|[.!?][)"'*_]*\s|\n[^\S\n]*\n|\n[^\S\n]*(?:[-*+>]|\d+\.)\s|\|)[\s*_"'(>-]*`;
/** Up to the end of the sentence, which is no question. */
const STATED = String.raw`[^.?!|\uE000]*(?:[.!|\uE000]|$)`;
/** Words of a subject, but for those that begin a clause of its own: "what is left of a file that is gone". */
const WORDS = String.raw`(?: (?!that |which |who |whose |where |when |while |if |as |it |there )[\w'-]+){1,8}?`;

/** A space stands for any white space: prose goes over the ends of lines. */
function habit(name: string, pattern: string, instead: string): Habit {
  return { name, instead, pattern: new RegExp(pattern.replaceAll(" ", String.raw`\s+`), "giu") };
}

export const HABITS: readonly Habit[] = [
  habit(
    "none of ours",
    String.raw`\bnone of (?:ours|theirs|mine|yours|hers|(?:its|his|(?:this|that|the) [\w-]+'s)(?=[.,;:)\uE000]))`,
    "say what it is not: `not a file of this store`",
  ),
  habit(
    "is none",
    String.raw`(?<!\bthere )\b(?:is|are|was|were) none\b|(?<!\b(?:soon|long) )\bas none\b|\btaken for none\b`,
    "repeat the noun: `is not a time`, `counts as no facts`",
  ),
  habit("so many", String.raw`\bso many\b|\bso much of\b`, "name the number: `at most count items`, `this many bytes`"),
  habit(
    "is told",
    String.raw`\b(?:is|isn't|are|aren't|was|were|be|been|being) told\b|\btold of\b`,
    "say who does what: `gets`, `reports`, `warns about`, `prints`; for `can be told from`: `differs from`",
  ),
  habit("for ever", String.raw`\bfor ever\b`, "`forever`, `never ends`, `always`"),
  habit(
    "whoever",
    String.raw`\bwho(?:so)?m?ever\b`,
    "name the party: `the caller`, `the next archiver`, `any process that …`",
  ),
  habit(
    "who as a subject",
    String.raw`${START}who \w${STATED}|; who \w|\b(?:only|for|than|trusts?) who (?!(?:else|is|was) )\w`,
    "name the party: `A process that loses the swap …`, `The agent that wrote …`",
  ),
  habit(
    "at rest",
    String.raw`(?<!\b(?:data|encrypt(?:s|ed|ion)?) )\bat rest\b`,
    "say the state: `fully archived`, `unchanged`, `idle`",
  ),
  habit(
    "what is … is",
    String.raw`${START}what (?:is|was)${WORDS} (?:is|isn't|are|aren't|was)\b${STATED}`,
    "name the thing: `Missing features are skipped`, `New lines are appended`",
  ),
  habit(
    "is nobody's",
    String.raw`\b(?:is|are|was|were) (?:nobody|no one)'s\b|\bbelongs? to (?:nobody|no one)\b`,
    "say what follows: `has no owner`, `nothing refers to it`",
  ),
];
