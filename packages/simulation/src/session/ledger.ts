/** The answer that a writer got for each of its lines, and what a file may therefore hold. */

/**
 * `pending`: not answered yet. `sure`: acknowledged. `unsure`: UNAVAILABLE, or the writer died, so it may be there. `refused`:
 * must not be there. `purged`: given up by a prune.
 */
type State = "pending" | "sure" | "unsure" | "refused" | "purged";

/** The lines of one file, in the order in which they were begun. */
export interface Ledger {
  /** A new line, about to be written: its text with its line end. */
  begin(): string;
  answer(line: string, state: "sure" | "unsure" | "refused"): void;
  /** From now on, lines whose write was reported as failed may still come, at any place. */
  mayComeLate(): void;
  /** Lines without an answer will get none. */
  writerDied(): void;
  /** Notes that these lines were given up. Gives a function that undoes this. */
  purge(text: string): () => void;
  /** The lines that a read which starts now must give. */
  mark(): number;
  /** Throws unless the text is what was written, in order and once, and no acknowledged line is missing. */
  check(text: string, mark: number, where: string): void;
  /** Whether no line of the text was acknowledged. */
  isUnsure(text: string): boolean;
  /** The lines in the text. */
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
      else if (state === "refused") throw new Error(`Line ${number} is there, but its writer was refused.`);
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
