/** The texts that JSON's parser drops: values of a name that comes again in the same object. */
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringEnd } from "./json-scan.js";
import { isPlainName, type JsonText, jsonTexts } from "./json-texts.js";

/** Where a value stands. */
interface Range {
  readonly from: number;
  readonly to: number;
}

interface Dropped extends Range {
  readonly path: string;
}

/** An object or an array that is open. */
interface Level {
  /** Where the last value of each name stands, names as JSON; `undefined` in an array. */
  readonly values: Map<string, Range> | undefined;
  /** Of the value that is being read, and where it begins. */
  name: string;
  from: number;
  /** Number of the item, in an array. */
  item: number;
}

/**
 * `json`: an object or array that the parser takes. Takes time in proportion to its length, however names come again
 * within values of names that do.
 */
export function droppedTexts(json: string): readonly JsonText[] {
  const dropped = droppedIn(json).sort((a, b) => a.from - b.from || b.to - a.to);
  let seen = 0;
  return dropped.flatMap(({ from, to, path }) => {
    // Within another one, all of whose strings were taken.
    if (to <= seen) return [];
    seen = to;
    return stringsIn(json, from, to).flatMap((text) =>
      jsonTexts(text).map((one) => ({ text: one.text, path: () => [path, one.path()].filter(Boolean).join(".") })),
    );
  });
}

function droppedIn(json: string): Dropped[] {
  const dropped: Dropped[] = [];
  const levels: Level[] = [];
  let level: Level | undefined;
  /** The last string, which may turn out to be a name. */
  let [start, end] = [0, 0];
  const endValue = (to: number): void => {
    if (!level?.values || level.name === "") return;
    const before = level.values.get(level.name);
    if (before) dropped.push({ ...before, path: levels.map(nameIn).join(".") });
    level.values.set(level.name, { from: level.from, to });
  };
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) {
      start = at;
      end = stringEnd(json, at);
      at = end - 1;
    } else if (unit === COLON && level) {
      level.name = asJson(json.slice(start, end));
      level.from = at + 1;
    } else if (unit === COMMA && level) {
      endValue(at);
      level.item++;
    } else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
      level = { values: unit === OPEN_OBJECT ? new Map() : undefined, name: "", from: 0, item: 0 };
      levels.push(level);
    } else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) {
      endValue(at);
      levels.pop();
      level = levels.at(-1);
    }
  }
  return dropped;
}

function nameIn({ values, name, item }: Level): string {
  return values ? String(JSON.parse(name)) : `${item}`;
}

/** A name may be spelt in several ways. */
function asJson(name: string): string {
  return name.includes("\\") ? JSON.stringify(JSON.parse(name)) : name;
}

/** The strings in a part of it, decoded; of names those that count as text. */
function stringsIn(json: string, from: number, to: number): readonly string[] {
  const found: string[] = [];
  for (let start = json.indexOf('"', from); start !== -1 && start < to; ) {
    const end = stringEnd(json, start);
    const text = String(JSON.parse(json.slice(start, end)));
    if (!/^\s*:/.test(json.slice(end, end + MOST_SPACE)) || !isPlainName(text)) found.push(text);
    start = json.indexOf('"', end);
  }
  return found;
}

/** More white space before a `:` nobody writes; a name would then count as text. */
const MOST_SPACE = 64;
