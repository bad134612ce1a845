/** JSON values under keys. */
import { ArchiverError } from "../errors.js";
import { checkedJson } from "../validate.js";
import type { Kv } from "./kv.js";

export interface JsonEntry<T> {
  readonly value: T;
  readonly version: string;
}

/** `id`: the session it is about, for the error. */
export async function getJson<T>(kv: Kv, key: string, id?: string): Promise<JsonEntry<T> | undefined> {
  const entry = await kv.get(key);
  if (!entry) return undefined;
  try {
    return { value: JSON.parse(new TextDecoder().decode(entry.value)), version: entry.version };
  } catch (cause) {
    throw new ArchiverError("CORRUPT", `The store holds something else than JSON under "${key}".`, { id, key, cause });
  }
}

export async function setJson(
  kv: Kv,
  key: string,
  value: unknown,
  expected: string | null,
): Promise<string | undefined> {
  return kv.set(key, new TextEncoder().encode(checkedJson(value)), expected);
}
