/** Writes the JSON of lines anew, with escapes at random. */
import { below, type Random } from "@session-archiver/test-kit/random";

/** What is no JSON object or array stays. */
export function reEscaped(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  const changed = lines.map((line) => {
    const text = Buffer.from(line, "latin1").toString("utf8");
    const value = parsed(text);
    return value === undefined ? Buffer.from(line, "latin1") : Buffer.from(written(value, random));
  });
  return Buffer.concat(changed.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from("\n"), line])));
}

function parsed(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function written(value: unknown, random: Random): string {
  if (typeof value === "string") {
    const inner = parsed(value);
    const again = inner !== undefined && random() < 0.5 ? written(inner, random) : value;
    return quoted(again, random);
  }
  if (Array.isArray(value)) return `[${value.map((item) => written(item, random)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, item]) => `${quoted(name, random)}:${written(item, random)}`);
  return `{${fields.join(",")}}`;
}

/** From no character to all of them. */
const SHARES = [0, 0, 0.01, 0.1, 0.5, 1];

function quoted(text: string, random: Random): string {
  const share = SHARES[below(random, SHARES.length)] ?? 0;
  if (share === 0) return JSON.stringify(text);
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i);
    if (random() < share) result += escapeOf(text.charCodeAt(i), random);
    else if (unit === "/" && random() < 0.5) result += "\\/";
    else if (/[\ud800-\udfff]/.test(unit)) result += escapeOf(text.charCodeAt(i), random);
    else result += JSON.stringify(unit).slice(1, -1);
  }
  return `"${result}"`;
}

function escapeOf(code: number, random: Random): string {
  const hex = code.toString(16).padStart(4, "0");
  return `\\u${[...hex].map((digit) => (random() < 0.5 ? digit : digit.toUpperCase())).join("")}`;
}
