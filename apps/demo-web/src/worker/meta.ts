/** The app's own metadata keys, and safe reads of what may be anything. */
import { type Json, KEY, type Meta } from "@session-archiver/core";
import { isAgentId, type TranscriptKind } from "@session-archiver/transcripts";

export const APP_KEY = {
  title: "title",
  kind: "demo:kind",
  /** A random id given when the session was made: tells it from a later one of the same id. */
  born: "demo:born",
  /** Set while the session is made and its bytes may be missing. */
  making: "demo:making",
  /** Set while output is written: the counts may lag behind. */
  writing: "demo:writing",
  /** Set once the session is given up for good; what is left of it is being deleted. */
  removing: "demo:removing",
} as const;

/** The same keys as the command line's import: where a session came from; bytes and unix ms of the file. */
export const IMPORT_KEY = { source: "import:source", size: "import:size", mtime: "import:mtime_ms" } as const;

export function numberAt(meta: Meta, key: string): number | undefined {
  const value = meta[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A time or count that says something only if positive. */
export function positiveAt(meta: Meta, key: string): number | undefined {
  const value = numberAt(meta, key);
  return value !== undefined && value > 0 ? value : undefined;
}

export function textAt(meta: Meta, key: string): string | undefined {
  const value = meta[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function isMarked(meta: Meta, key: string): boolean {
  return meta[key] === true;
}

/** The metadata with some keys changed; `null` removes one. */
export function withKeys(meta: Meta, changes: Readonly<Record<string, Json | undefined>>): Meta {
  const entries = Object.entries({ ...meta, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] != null));
}

export function kindOf(meta: Meta): TranscriptKind {
  const kind = meta[APP_KEY.kind];
  return isAgentId(kind) ? kind : "other";
}

/** The last part of an id, which may be a path. */
export function baseName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1) || id;
}

export function titleOf(id: string, meta: Meta): string {
  return textAt(meta, APP_KEY.title) ?? baseName(id);
}

/** How far the output has been counted, as core keeps it. */
export function countedTo(meta: Meta): { readonly bytes: number; readonly newlines: number } | undefined {
  const counted = meta[KEY.countedTo];
  if (typeof counted !== "object" || counted === null || Array.isArray(counted)) return undefined;
  const bytes = numberAt(counted as Meta, "bytes");
  const newlines = numberAt(counted as Meta, "newlines");
  return bytes === undefined || newlines === undefined ? undefined : { bytes, newlines };
}
