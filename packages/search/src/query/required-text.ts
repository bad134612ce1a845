/** Finds text that every match of a regular expression holds. Conservative: what it does not know, it passes over. */

/** An escape with its operand, from the first character on. Consumes no `|`, which would be an alternative elsewhere. */
const OPERANDS = /^\\(?:u\{[\da-fA-F]*\}|u[\da-fA-F]{0,4}|x[\da-fA-F]{0,2}|c[A-Za-z]?|[pP]\{[\w=]*\}|\d+|[A-Za-z])/;
const CLASS = /^\[(?:\\[\s\S]|[^\]\\])*\]?/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/**
 * Runs of characters; a match holds each of them as it stands, or in another case if case is ignored. Empty if the
 * pattern has alternatives, or nothing that is certain.
 */
export function requiredTexts(source: string): readonly string[] {
  const runs: string[] = [];
  let run = "";
  let depth = 0;
  /** The last atom, if it is the last character of the run: with both its halves, though a pattern may count them as two. */
  let last = "";
  const end = (): void => {
    if (run !== "") runs.push(run);
    run = "";
    last = "";
  };
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at, at + 4096);
    const quantifier = QUANTIFIER.exec(rest)?.[0];
    if (quantifier !== undefined) {
      // A character that may be left out, or has a count, is not relied on.
      if (!quantifier.startsWith("+")) run = run.slice(0, run.length - last.length);
      end();
      at += quantifier.length;
      continue;
    }
    // A name may be any text, or none at all without the flag `u`.
    if (rest.startsWith("\\k")) return [];
    const long = (CLASS.exec(rest) ?? OPERANDS.exec(rest))?.[0];
    if (long !== undefined) {
      // Nothing is known of a class or operand that goes on beyond what was looked at.
      if (long.length >= rest.length && at + rest.length < source.length) return [];
      end();
      at += long.length;
      continue;
    }
    const char = rest.charAt(0);
    const literal = String.fromCodePoint(rest.codePointAt(char === "\\" ? 1 : 0) ?? 0);
    at += literal.length + (char === "\\" ? 1 : 0);
    if (char === "(" || char === ")") {
      end();
      depth += char === "(" ? 1 : -1;
    } else if (char === "|" && depth === 0) return [];
    else if (depth === 0 && !(char !== "\\" && /[.^$|{]/.test(char))) {
      run += literal;
      last = literal;
    } else end();
  }
  end();
  return runs;
}
