/**
 * Fails on any byte that a terminal would obey or hide. On purpose it shares nothing with `src/output/hidden.ts`: the list is
 * that of Unicode 17, written out.
 */

/** First and last of each range: controls but for line ends and tabs, Cf, Zl, Zp, Default_Ignorable_Code_Point, noncharacters. */
const FORBIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];
const ANY_FORBIDDEN = new RegExp(`[${FORBIDDEN.map(([from, to]) => `${unit(from)}-${unit(to)}`).join("")}]`, "u");
/** Emoji by Unicode's own list, and joiners in words of scripts that need them. */
const MEANT = new RegExp(
  [
    String.raw`\p{RGI_Emoji}`,
    String.raw`(?<=\p{Script=Arabic}\p{M}*)\u200c(?=\p{Script=Arabic})`,
    String.raw`(?<=\u094d|\u0d4d|\u0dca)[\u200c\u200d]`,
  ].join("|"),
  "gv",
);
const ESCAPE = "\\u001b";
/** What a progress bar writes to a terminal. */
const OF_BARS = new RegExp(`${ESCAPE}(?:[78]|\\[(?:\\?(?:25|7)[hl]|\\d*[GJK]|\\d+[A-D]))|\\r`, "g");
const COLORS = new RegExp(`${ESCAPE}\\[[\\d;]*m`, "g");

export interface Manner {
  readonly isTerminal: boolean;
  readonly isColored: boolean;
}

/** Whether the command writes a session's own bytes, as they are. */
export function isRaw(words: readonly string[]): boolean {
  const isExport = words.includes("export") && words.includes("-");
  return (words.includes("cat") && !words.includes("--json")) || isExport;
}

export function assertHarmless(bytes: Uint8Array, what: string, { isTerminal, isColored }: Manner): void {
  let text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  if (isTerminal) text = text.replace(OF_BARS, "");
  if (isTerminal || isColored) text = text.replace(COLORS, "");
  // Unicode's list of emoji takes long to load.
  if (!ANY_FORBIDDEN.test(text)) return;
  const at = ANY_FORBIDDEN.exec(text.replace(MEANT, ""));
  if (!at) return;
  const code = at[0].codePointAt(0)?.toString(16);
  throw new Error(
    `U+${code} reached ${what}: ${JSON.stringify(at.input.slice(Math.max(0, at.index - 60), at.index + 20))}`,
  );
}

function unit(code: number): string {
  return `\\u{${code.toString(16)}}`;
}
