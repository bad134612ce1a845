/** Writes man(7), of which every reader of manual pages understands this much. */

/** Text in a line of its own: nothing in it is a request. */
export function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll(/^(?=[.'])/gm, "\\&")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(
      /[^\n -~]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}

/** One argument of a macro. */
function argument(text: string): string {
  return `"${escaped(text).replaceAll('"', "\\(dq")}"`;
}

export interface Title {
  readonly name: string;
  readonly section: number;
  /** `2026-01-31` */
  readonly date: string;
  readonly source: string;
  readonly manual: string;
}

export function title({ name, section, date, source, manual }: Title): string {
  const head = [".TH", argument(name.toUpperCase()), section, date, argument(source), argument(manual)];
  // Names of options and commands are not to be torn.
  return `${head.join(" ")}\n.nh\n.ad l`;
}

export const section = (heading: string): string => `.SH ${argument(heading.toUpperCase())}`;

export const subsection = (heading: string): string => `.SS ${argument(heading)}`;

export const paragraph = (words: string): string => `.PP\n${text(words)}`;

/** A term, and what it means, set in from it. */
export const item = (term: string, what: string): string => `.TP\n.B ${argument(term)}\n${text(what)}`;

/** Lines as they are. */
export const verbatim = (text: string): string => `.PP\n.EX\n${text.split("\n").map(line).join("\n")}\n.EE`;

function line(text: string): string {
  return text === "" ? "\\&" : escaped(text);
}

/** Whatever shows the page fills its lines. Names of commands that stand between backticks are bold. */
export function text(words: string): string {
  const parts = words.split(/`([^`]+)`/).map((part, at) => (at % 2 === 0 ? escaped(part) : `\\fB${escaped(part)}\\fR`));
  const lines: string[] = [];
  for (const word of parts.join("").trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((one) => one.replace(/^$|^(?=\.)/, "\\&")).join("\n");
}

/** Of a line in the source, as is usual. */
const WIDTH = 78;
