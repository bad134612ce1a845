/** Completes records that break off. */
import { parseJson } from "../json.js";

interface Scan {
  /** Where the first whole value ends; -1 if it breaks off. */
  readonly end: number;
  /** The closing brackets of everything still open at the end of the text, outermost first. */
  readonly open: string;
  readonly inString: boolean;
  /** The last comma, and the closing brackets of what was open there. */
  readonly comma: number;
  readonly openAtComma: string;
}

function scan(text: string, from: number): Scan {
  const open: string[] = [];
  let inString = false;
  let comma = -1;
  let openAtComma = "";
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b) open.push("}");
    else if (c === 0x5b) open.push("]");
    else if (c === 0x2c) {
      comma = i;
      // Deep nesting isn't worth completing, and copying it at each comma would take quadratic time.
      openAtComma = open.length < 64 ? open.join("") : "";
    } else if (c === 0x7d || c === 0x5d) {
      open.pop();
      if (open.length === 0) return { end: i + 1, open: "", inString: false, comma, openAtComma };
    }
  }
  return { end: -1, open: open.join(""), inString, comma, openAtComma };
}

const closers = (open: string): string => [...open].reverse().join("");

/** The object that `text` begins, without its missing parts; `undefined` if that can't be decided. */
export function completeJson(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  const { end, open, inString, comma, openAtComma } = scan(text, 0);
  if (end >= 0) return undefined;
  if (inString) {
    // The cut may leave half an escape, or half of a surrogate pair.
    const whole = text.replace(/\\(u[0-9a-fA-F]{0,3})?$/, "").replace(/[\ud800-\udbff]$/, "");
    const closed = parseJson(`${whole}"${closers(open)}`);
    if (closed !== undefined) return closed;
  } else {
    const closed = parseJson(text + closers(open));
    if (closed !== undefined) return closed;
  }
  return comma < 0 || openAtComma === "" ? undefined : parseJson(text.slice(0, comma) + closers(openAtComma));
}
