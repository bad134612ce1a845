/** JSON values under keys. */
import { ArchiverError } from "../../errors.js";
import type { Kv } from "./kv.js";

export interface JsonEntry<T> {
  readonly value: T;
  readonly version: string;
}

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export async function getJson<T>(kv: Kv, key: string): Promise<JsonEntry<T> | undefined> {
  const entry = await kv.get(key);
  if (!entry) return undefined;
  try {
    return { value: JSON.parse(decodeText(entry.value)), version: entry.version };
  } catch (cause) {
    throw new ArchiverError("CORRUPT", `The store holds something else than JSON under "${key}".`, { key, cause });
  }
}

/** The new version; `undefined` if the current one is not `expected`. */
export function setJson(kv: Kv, key: string, value: unknown, expected: string | null): Promise<string | undefined> {
  return kv.set(key, encodeText(JSON.stringify(value)), expected);
}
