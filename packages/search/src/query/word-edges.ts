/** Whole words: what is found stands neither beside a letter nor a digit nor an underscore, of any script. */
const WORD = /[\p{L}\p{N}_]/u;
const EDGES = ["(?<![\\p{L}\\p{N}_])(?:", ")(?![\\p{L}\\p{N}_])"] as const;

/** The pattern between such edges. `isUnicode`: it is used with the flag `u`. */
export function betweenEdges(source: string, isUnicode: boolean): string {
  if (isUnicode) return EDGES.join(source);
  const letters = `[${basicLetters()}]`;
  return `(?<!${letters})(?:${source})(?!${letters})`;
}

/** Whether the text from `start` to `end` stands alone. */
export function standsAlone(text: string, start: number, end: number): boolean {
  const after = text.codePointAt(end);
  if (after !== undefined && WORD.test(String.fromCodePoint(after))) return false;
  return start === 0 || !WORD.test(characterBefore(text, start));
}

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  const isLow = unit >= 0xdc00 && unit <= 0xdfff;
  const point = isLow && at >= 2 ? text.codePointAt(at - 2) : unit;
  return point !== undefined && point > 0xffff ? String.fromCodePoint(point) : text.charAt(at - 1);
}

let letters: string | undefined;

/** Ranges of all letters, digits and `_` that are one code unit: without the flag `u` a pattern can't name them. */
function basicLetters(): string {
  letters ??= rangesOf((unit) => WORD.test(String.fromCharCode(unit)));
  return letters;
}

function rangesOf(has: (unit: number) => boolean): string {
  const unicode = (unit: number): string => `\\u${unit.toString(16).padStart(4, "0")}`;
  let ranges = "";
  for (let unit = 0; unit <= 0xffff; unit++) {
    if (!has(unit)) continue;
    const first = unit;
    while (unit < 0xffff && has(unit + 1)) unit++;
    ranges += `${unicode(first)}-${unicode(unit)}`;
  }
  return ranges;
}
