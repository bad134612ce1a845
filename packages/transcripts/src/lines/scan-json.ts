/** Reads JSON as strictly as `JSON.parse`, and reports how far it got. */

export interface JsonScan {
  /** Where the first whole value ends; -1 if it doesn't. */
  readonly end: number;
  /** Offset of the character that can't be there; the end of the text if it only breaks off. */
  readonly stop: number;
  /** Offsets at which an object began where one may stand, each with the key it is the value of, if any. */
  readonly opens: ReadonlyMap<number, string | undefined>;
  /** Keys of the outermost object, as written. */
  readonly keys: readonly string[];
}

type Place = "value" | "first item" | "key" | "first key" | "colon" | "after";

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\r\n]*/y;
const CUT_SCALAR = /^[-+\w.]{1,30}$/;

/** Where the string that begins at `from` ends, or -1; `stop` as in {@link JsonScan}. */
function scanString(text: string, from: number): { readonly end: number; readonly stop: number } {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) return { end: i + 1, stop: i };
    if (c < 0x20) return { end: -1, stop: i };
    if (c !== 0x5c) continue;
    const escaped = text.slice(i + 1, i + 6);
    if (/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(escaped)) i++;
    else return { end: -1, stop: /^(?:u[0-9a-fA-F]{0,3})?$/.test(escaped) ? text.length : i };
  }
  return { end: -1, stop: text.length };
}

export function scanJson(text: string, from: number): JsonScan {
  const closers: string[] = [];
  const opens = new Map<number, string | undefined>();
  const keys: string[] = [];
  const stopped = (stop: number): JsonScan => ({ end: -1, stop, opens, keys });
  let place: Place = "value";
  let key: string | undefined;
  let i = from;
  for (;;) {
    SPACE.lastIndex = i;
    SPACE.test(text);
    i = SPACE.lastIndex;
    const c: string | undefined = text[i];
    if (c === undefined) return stopped(text.length);
    const isKey: boolean = place === "key" || place === "first key";
    const isValue: boolean = place === "value" || place === "first item";
    if (c === '"' && (isKey || isValue)) {
      const { end, stop } = scanString(text, i);
      if (end < 0) return stopped(stop);
      if (isKey) key = text.slice(i + 1, end - 1);
      if (isKey && closers.length === 1) keys.push(text.slice(i + 1, end - 1));
      place = isKey ? "colon" : "after";
      i = end;
    } else if (isValue && (c === "{" || c === "[")) {
      if (c === "{") opens.set(i, closers.at(-1) === "}" ? key : undefined);
      closers.push(c === "{" ? "}" : "]");
      place = c === "{" ? "first key" : "first item";
      i++;
    } else if (c === closers.at(-1) && (place === "after" || place === "first key" || place === "first item")) {
      closers.pop();
      place = "after";
      i++;
    } else if (place === "colon" && c === ":") {
      place = "value";
      i++;
    } else if (place === "after" && c === ",") {
      place = closers.at(-1) === "}" ? "key" : "value";
      i++;
    } else if (isValue) {
      SCALAR.lastIndex = i;
      if (!SCALAR.test(text)) return stopped(CUT_SCALAR.test(text.slice(i, i + 31)) ? text.length : i);
      place = "after";
      i = SCALAR.lastIndex;
    } else return stopped(i);
    if (place === "after" && closers.length === 0) return { end: i, stop: i, opens, keys };
  }
}
