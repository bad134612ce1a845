/** Makes text from outside safe for a terminal: an id may contain anything, even escape sequences. */

const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with control and invisible characters written as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
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
  return JSON.stringify(value).replace(CONTROLS, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** `1 session`, `2 sessions`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
