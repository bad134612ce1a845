/** Checks of options: every key is known, every value of the right type. */
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

/** The value, or of what kind it is: objects may be large, or refuse to be text. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/**
 * `INVALID_ARGUMENT` for what is no object, for a key that is not among the known ones (unless `allows` it), and for a value
 * that is of a wrong type. `what` names who takes the options.
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

/** Checked by the operation itself. */
export const later: Check = () => {};

export const object: Check = must("an object", isObject);

export const flag: Check = is("boolean");

export const text: Check = is("string");

export const callable: Check = is("function");

export const amount: Check = must("a number of at least 0", (value) => typeof value === "number" && value >= 0);

function is(type: string): Check {
  return must(`a ${type}`, (value) => typeof value === type);
}
