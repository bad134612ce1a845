/** One object as a file: `{"id", "version", "meta"}`. */
import { join } from "node:path";
import {
  ArchiverError,
  checkName,
  type ErrorContext,
  type Meta,
  type StoredObject,
} from "@session-archiver/core/adapter";
import { readText } from "./files.js";
import { OBJECT_FILE, type Path, sessionPath } from "./layout.js";

/** A file's bytes. `INVALID_ARGUMENT` for metadata that JSON can't hold. */
export function toText(value: { readonly version: string; readonly meta: Meta }, context: ErrorContext): Uint8Array {
  try {
    if (!isRecord(value.meta)) throw new TypeError("It is not an object.");
    return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);
  } catch (cause) {
    const message = "The metadata must be an object that JSON can hold.";
    throw new ArchiverError("INVALID_ARGUMENT", message, { ...context, cause });
  }
}

/** The object in a session's directory, which lies at `path`. `CORRUPT` for anything else in its place. */
export function readObject(directory: string, path: Path): StoredObject | undefined {
  const file = join(directory, OBJECT_FILE);
  const text = readText(file);
  try {
    return text === undefined ? undefined : parse(text, path);
  } catch (cause) {
    throw new ArchiverError("CORRUPT", `${file} is not an object of this store: repair it or move it away.`, { cause });
  }
}

function parse(text: string, path: Path): StoredObject {
  const value: unknown = JSON.parse(text);
  const { id, version, meta } = isRecord(value) ? value : {};
  // Ids that no put takes may have the same path as one that it does.
  checkName(id, "session id");
  const isInPlace = sessionPath(id).join("/") === path.join("/");
  if (isInPlace && typeof version === "string" && isRecord(meta)) return { id, version, meta: meta as Meta };
  throw new TypeError("It must hold the id of its directory, a version and the metadata.");
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
