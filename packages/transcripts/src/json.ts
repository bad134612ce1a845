/** Reads values of unknown shape: each function returns the value if it has the type, otherwise `null`. */

import { timeOf } from "./time.js";

export type JsonObject = { readonly [key: string]: unknown };

export const asString = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const asNumber = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
/** More tokens than any session uses: a larger number is not a count. */
const MOST_TOKENS = 1e12;
/** A whole number of tokens; 0 for anything else. */
export const asTokens = (value: unknown): number => {
  const count = Math.trunc(asNumber(value) ?? 0);
  return count > 0 && count <= MOST_TOKENS ? count : 0;
};
export const asArray = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null);
export const asObject = (value: unknown): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

/** A string that isn't blank. */
export const asText = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value : null;

/** `undefined`: not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Indented JSON; a note for a value nested too deep to be printed. */
export function printJson(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? String(value);
  } catch {
    return "(nested too deep to be shown)";
  }
}

/** A time as unix ms, in the forms that the library reads; `null` for anything else. */
export function asTime(value: unknown): number | null {
  return timeOf(value) ?? null;
}
