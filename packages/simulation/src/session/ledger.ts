/** What a writer was told of each of its lines, and what a file may hold by that. */

/**
 * `pending`: not answered yet. `sure`: acknowledged. `unsure`: UNAVAILABLE, or the writer died: may be there. `refused`: must
 * not be there. `purged`: given up by a prune.
 */
type State = "pending" | "sure" | "unsure" | "refused" | "purged";

/** The lines of one file, in the order in which they were begun. */
export interface Ledger {
  /** A new line, about to be written: its text, with its end. */
  begin(): string;
  answer(line: string, state: "sure" | "unsure" | "refused"): void;
  /** Lines whose write was reported as failed may come late: at any place, if at all. */
  mayComeLate(): void;
  /** Those that have no answer get none any more. */
  writerDied(): void;
  /** These lines were given up; undoes that. */
  purge(text: string): () => void;
  /** Lines that a read which starts now must give. */
  mark(): number;
  /** Throws unless the text is what was written, in order and once, and no acknowledged line is missing. */
  check(text: string, mark: number, where: string): void;
  /** Whether no line of the text was acknowledged. */
  isUnsure(text: string): boolean;
  /** Lines in the text. */
  count(text: string): number;
}

export function createLedger(): Ledger {
  const states: State[] = [];
  let late = false;
  const numberOf = (line: string): number => {
    const number = /^<(\d+)>$/.exec(line)?.[1];
    return number === undefined ? -1 : Number(number);
  };
  const linesOf = (text: string): string[] => {
    const lines = text.split("\n");
    if (lines.pop() !== "") throw new Error(`ends in the middle of a line: ${JSON.stringify(text)}`);
    return lines;
  };
  return {
    begin: () => `<${states.push("pending") - 1}>\n`,
    answer(line, state) {
      const number = numberOf(line.trimEnd());
      if (states[number] !== "purged") states[number] = state;
      else if (state === "refused") throw new Error(`Line ${number} was there, and its writer is told that it is not.`);
    },
    mayComeLate() {
      late = true;
    },
    writerDied() {
      for (const [i, state] of states.entries()) if (state === "pending") states[i] = "unsure";
    },
    purge(text) {
      const numbers = linesOf(text).map(numberOf);
      const before = numbers.map((number) => states[number] ?? "unsure");
      for (const number of numbers) states[number] = "purged";
      return () => {
        for (const [i, number] of numbers.entries()) states[number] = before[i] ?? "unsure";
      };
    },
    mark: () => states.lastIndexOf("sure") + 1,
    check(text, mark, where) {
      let next = 0;
      const seen = new Set<number>();
      const fail = (what: string): never => {
        throw new Error(`${where} ${what}: ${JSON.stringify(text)} of ${JSON.stringify(states.join(" "))}`);
      };
      const pass = (until: number): void => {
        for (; next < until; next++) if (states[next] === "sure") fail(`lacks line ${next}`);
      };
      for (const line of linesOf(text)) {
        const number = numberOf(line);
        const state = states[number];
        if (state === undefined || state === "refused") fail(`has a line that is not in it, "${line}"`);
        if (late && state === "unsure" && !seen.has(number)) {
          seen.add(number);
          continue;
        }
        if (number < next) fail(`has line ${number} out of order, or twice`);
        pass(number);
        next = number + 1;
      }
      pass(mark);
    },
    isUnsure: (text) => linesOf(text).every((line) => states[numberOf(line)] === "unsure"),
    count: (text) => linesOf(text).length,
  };
}
