/** The texts in JSON: every string, also within strings that are JSON themselves, and names that are no plain names. */
import { CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringEnd } from "./json-scan.js";

export interface JsonText {
  readonly text: string;
  /** The names that lead to it, joined by dots. */
  readonly path: () => string;
}

/** Such as `type` or `tool_use_id`. Paths and questions serve as names too, and those count as text. */
const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

/** Of text: these are no text. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}

interface Node {
  readonly value: unknown;
  readonly name: string;
  readonly parent: Node | undefined;
}

/**
 * In the order of the text; what is within a string comes before the string. Keeps its own stack, as hostile JSON may be
 * nested too deep for calls.
 */
export function jsonTexts(value: unknown): readonly JsonText[] {
  const found: JsonText[] = [];
  const todo: (Node | JsonText)[] = [{ value, name: "", parent: undefined }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if ("path" in next) {
      found.push(next);
      continue;
    }
    const node = next;
    const { value: here } = node;
    if (typeof here === "string") {
      const text: JsonText = { text: here, path: () => pathOf(node) };
      const inner = parsed(here);
      if (inner === undefined) found.push(text);
      else todo.push(text, { value: inner, name: "", parent: node });
    } else if (Array.isArray(here)) {
      for (let i = here.length - 1; i >= 0; i--)
        if (mayHold(here[i])) todo.push({ value: here[i], name: `${i}`, parent: node });
    } else if (typeof here === "object" && here !== null) {
      for (const [name, child] of Object.entries(here).reverse()) {
        const within: Node = { value: child, name, parent: node };
        if (mayHold(child)) todo.push(within);
        if (!isPlainName(name)) todo.push({ text: name, path: () => pathOf(within) });
      }
    }
  }
  return found;
}

function mayHold(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null);
}

/** Deeper values take a hundred times their text's memory. No agent writes any. */
const MOST_LEVELS = 1000;

/** The object or array that the text is as JSON; `undefined` if the text is anything else, or nested too deep. */
export function parsed(text: string): object | undefined {
  const first = text.charCodeAt(0);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return undefined;
  if (text.length > MOST_LEVELS && isDeeper(text, MOST_LEVELS)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** A longer path keeps this many of its last names. */
const MOST_NAMES = 32;

function pathOf(node: Node): string {
  const names: string[] = [];
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.name === "") continue;
    if (names.push(at.name) <= MOST_NAMES) continue;
    names[MOST_NAMES] = "…";
    break;
  }
  return names.reverse().join(".");
}

/** Whether arrays and objects are nested in more levels than these. Of a text that is no JSON, either answer will do. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = stringEnd(text, at) - 1;
    else if (unit === OPEN_ARRAY || unit === OPEN_OBJECT) {
      if (++depth > most) return true;
    } else if (unit === CLOSE_ARRAY || unit === CLOSE_OBJECT) depth--;
  }
  return false;
}
