/** Objects as a backend's listings give them. */
import { ArchiverError } from "../errors.js";
import type { StoredObject } from "../ports.js";
import { decodeMeta, type StoredMeta } from "./stored-meta.js";

/** What comes alone or in pages. */
export function itemsOf<T extends object | string>(listed: T | readonly T[]): readonly T[] {
  return Array.isArray(listed) ? listed : [listed as T];
}

/** `CORRUPT` unless it is text. */
export function idOf(id: unknown): string {
  if (typeof id === "string") return id;
  throw new ArchiverError("CORRUPT", "The store holds an object whose id is not text.");
}

/** `CORRUPT` if what is stored is not an object's. */
export function objectIn(id: string, stored: StoredMeta): StoredObject {
  const { version, meta } = decodeMeta(stored, `"${id}"`, { id });
  return { id, version, meta };
}
