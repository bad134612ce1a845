/** JSON's escapes in text that is no JSON. */
const ESCAPE = /\\(?:u([\da-fA-F]{4})|(["\\/bfnrt]))/g;
const SHORT: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** The text with all escapes resolved once; the very same text if there are none. */
export function withoutEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (_, code: string | undefined, short: string) =>
    code === undefined ? (SHORT[short] ?? short) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** How much of the text's end may be the beginning of an escape. */
export function openEscape(text: string): number {
  const open = /\\(?:u[\da-fA-F]{0,3})?$/.exec(text.slice(-5))?.[0] ?? "";
  if (open === "") return 0;
  // A backslash that is itself escaped begins nothing.
  let before = 0;
  while (text.charAt(text.length - open.length - 1 - before) === "\\") before++;
  return before % 2 === 0 ? open.length : 0;
}
