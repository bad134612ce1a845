/** Makes text from outside safe for a terminal: an id may contain anything, even escape sequences. */

import { ANY_HIDDEN, UNMEANT, UNMEANT_IN_COLOR, UNMEANT_IN_LINES } from "./hidden.js";
import { isPlain } from "./width.js";

/** Text in which nothing can be hidden. */
const PLAIN = /^[ -~]*$/;
const PLAIN_LINES = /^[ -~\n]*$/;

/**
 * The text on one line, with characters that a terminal would obey or hide written as `\u{…}`. Those that an emoji is
 * joined by, and those that Persian and the scripts of India need, stay where these have them.
 */
export function printable(text: string): string {
  return isPlain(text) ? text : text.replace(UNMEANT, escaped);
}

/** The same for text of the program's own making, in which lines and tabs stay, and colours if it has any: a net below `printable`. */
export function printableOutput(text: string, isColored = false): string {
  return PLAIN_LINES.test(text) ? text : text.replace(isColored ? UNMEANT_IN_COLOR : UNMEANT_IN_LINES, escaped);
}

/** The text without passwords of URLs, for words that were typed in a place where no URL is taken. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\w:\/\/[^\s:/@'"]*:)[^\s'"]*@/g, "$1***@").replace(/([?&]\w*password=)[^\s&'"]*/gi, "$1***");
}

function escaped(match: string, hidden: string | undefined): string {
  return hidden === undefined ? match : `\\u{${hidden.codePointAt(0)?.toString(16)}}`;
}

const TAB_COLUMNS = 4;

/** The same for text over several lines: line ends stay, and tabs become spaces. */
export function printableLines(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => {
    const [first = "", ...rest] = line.split("\t");
    return rest.reduce((done, part) => done + " ".repeat(TAB_COLUMNS - (done.length % TAB_COLUMNS)) + part, first);
  });
  return lines.map(printable).join("\n");
}

/** JSON in which no character controls a terminal; any parser reads the same value from it. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value);
  if (PLAIN.test(json)) return json;
  return json.replace(ANY_HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** `1 session`, `2 sessions`. */
export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}
