/** Decode and match every line: slow, simple, and written without a look at the search. */

export interface PlainQuery {
  readonly terms: readonly ({ readonly literal: string } | { readonly regex: string })[];
  readonly ignoreCase: boolean;
  readonly wholeWords: boolean;
}

/** All texts of each line, in order. */
export function textsOfLines(bytes: Uint8Array): readonly (readonly string[])[] {
  const lines: (readonly string[])[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(textsOfLine(new TextDecoder().decode(bytes.subarray(start, end)).replace(/\r$/, "")));
    start = end + 1;
  }
  return lines;
}

function textsOfLine(line: string): readonly string[] {
  const value = objectIn(line.trimStart());
  if (value === undefined) return [line, unescaped(line)];
  const texts: string[] = [];
  collect(value, texts);
  return texts;
}

function objectIn(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === "string") {
    texts.push(value);
    collect(objectIn(value), texts);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, texts);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (!/^[A-Za-z_$][\w$-]*$/.test(name)) texts.push(name);
      collect(item, texts);
    }
  }
}

const SHORT = new Map([..."bfnrt"].map((letter, i) => [letter, "\b\f\n\r\t"[i] as string]));

function unescaped(text: string): string {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const hex = text.slice(i + 2, i + 6);
    const next = text[i + 1] ?? "";
    if (text[i] === "\\" && next === "u" && /^[\da-f]{4}$/i.test(hex)) {
      result += String.fromCharCode(Number.parseInt(hex, 16));
      i += 5;
    } else if (text[i] === "\\" && next !== "" && `"\\/bfnrt`.includes(next)) {
      result += SHORT.get(next) ?? next;
      i += 1;
    } else result += text[i];
  }
  return result;
}

/** Numbers, from 1, of the lines that hold every term. */
export function linesWith(lines: readonly (readonly string[])[], query: PlainQuery): readonly number[] {
  const finders = query.terms.map((term) => finderOf(term, query));
  return lines.flatMap((texts, i) => (finders.every((find) => texts.some(find)) ? [i + 1] : []));
}

function finderOf(term: PlainQuery["terms"][number], query: PlainQuery): (text: string) => boolean {
  if ("regex" in term) {
    const regex = anyRegex(query.wholeWords ? alone(term.regex) : term.regex, query.ignoreCase ? "im" : "m");
    return (text) => regex.test(text);
  }
  const wanted = query.ignoreCase ? folded(term.literal) : term.literal;
  return (text) => {
    const within = query.ignoreCase ? folded(text) : text;
    for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, at + 1)) {
      if (!query.wholeWords || isAlone(text, at, at + wanted.length)) return true;
    }
    return false;
  };
}

function anyRegex(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}

function alone(source: string): string {
  return `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
}

function isAlone(text: string, start: number, end: number): boolean {
  const before = [...text.slice(Math.max(0, start - 2), start)].at(-1) ?? "";
  const after = [...text.slice(end, end + 2)][0] ?? "";
  return !/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after);
}

const folds = new Map<string, string>();

/** As patterns without the flag `u` fold: unit by unit, to one unit, and never from beyond ASCII into it. */
function folded(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toUpperCase();
  let result = "";
  for (let i = 0; i < text.length; i++) result += foldedUnit(text.charAt(i));
  return result;
}

function foldedUnit(unit: string): string {
  let fold = folds.get(unit);
  if (fold === undefined) {
    const upper = unit.toUpperCase();
    fold = upper.length !== 1 || (unit > "\x7f" && upper <= "\x7f") ? unit : upper;
    folds.set(unit, fold);
  }
  return fold;
}
