/** Checks options: every key is known, every value has the right type. */
import { ArchiverError } from "./errors.js";

/** Throws `INVALID_ARGUMENT` unless the value is right; `name` says whose value it is. */
export type Check = (value: unknown, name: string) => void;

export type Known<Options> = { readonly [Key in keyof Options]-?: Check };

export function must(be: string, isRight: (value: unknown) => boolean): Check {
  return (value, name) => {
    if (!isRight(value)) throw wrong(`${name} must be ${be}, is ${shown(value)}.`);
  };
}

export function wrong(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}

/** The value as text for a message; only the kind of an object, which may be large or fail to become text. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/**
 * Throws `INVALID_ARGUMENT` if the options are not an object, if a key is unknown and `allows` does not accept it, or
 * if a value has a wrong type. `what` names the operation in the message.
 */
export function checkOptions(
  what: string,
  options: unknown,
  known: Readonly<Record<string, Check>>,
  allows?: Allows,
): void {
  object(options, `${what}: the options`);
  for (const [key, value] of Object.entries(options as object)) {
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    if (check && value !== undefined) check(value, `${what}: ${key}`);
    if (check || allows?.(key, value)) continue;
    throw wrong(`${what} has no option "${key}": it takes ${Object.keys(known).join(", ")}.`);
  }
}

type Allows = (key: string, value: unknown) => boolean;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Accepts anything: the operation itself checks this value. */
export const later: Check = () => {};

export const object: Check = must("an object", isObject);

export const flag: Check = is("boolean");

export const text: Check = is("string");

export const callable: Check = is("function");

export const amount: Check = must("a number of at least 0", (value) => typeof value === "number" && value >= 0);

function is(type: string): Check {
  return must(`a ${type}`, (value) => typeof value === type);
}
