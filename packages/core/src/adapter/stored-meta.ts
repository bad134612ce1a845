/** Metadata and its version as a store holds them: checked on the way in, and not believed on the way out. */
import { ArchiverError, type ErrorContext } from "../errors.js";
import type { Meta, Version } from "../ports.js";
import { encodeListing } from "../session/listing.js";
import { KEY, positiveAt, recordIn, type SweepIndex, sweepIndex } from "../session/metadata.js";
import { randomToken } from "./random-token.js";
import { checkedObjectJson } from "./validate.js";

/** What is to be stored of an object, made once and with nothing in it that the caller could change. */
export interface MetaRecord {
  /** Never comes twice. A store that has versions of its own may use those instead. */
  readonly version: Version;
  /** The metadata as JSON text. */
  readonly json: string;
  /** The values to index. */
  readonly index: SweepIndex;
  /** For a backend with `listNewest`. */
  readonly listing: ListingRecord;
}

export interface ListingRecord {
  /** Gives the place in the order. Unix ms; `null`: unknown. */
  readonly lastActivityMs: number | null;
  /** What lists show of the object. `null`: nothing is to be kept, and a list reads the metadata. */
  readonly text: string | null;
}

/** What is stored of an object: as JSON text, or parsed. Anybody may have changed it. */
export type StoredMeta =
  | { readonly version: unknown; readonly json: unknown }
  | { readonly version: unknown; readonly meta: unknown };

/** `INVALID_ARGUMENT` unless it is a version. */
export function checkVersion(version: unknown, context: ErrorContext): asserts version is Version {
  if (typeof version === "string") return;
  throw new ArchiverError("INVALID_ARGUMENT", `The expected version must be a string, is ${version}.`, context);
}

/** `INVALID_ARGUMENT` unless it is a version, or `null` for "must be absent". */
export function checkExpected(expected: unknown, context: ErrorContext): asserts expected is Version | null {
  if (expected !== null) checkVersion(expected, context);
}

/** `CONFLICT` if a compare-and-swap gave nothing: `what` was not at `expected`. */
export function requireSwapped<T>(
  result: T | undefined,
  what: string,
  expected: Version | null,
  context: ErrorContext,
): T {
  if (result !== undefined) return result;
  const state = expected === null ? "absent" : `at version ${expected}`;
  throw new ArchiverError("CONFLICT", `${what} is not ${state}; read it again.`, context);
}

/** `INVALID_ARGUMENT` unless the metadata is an object that JSON can hold. `isListed`: with its listing. */
export function encodeMeta(meta: Meta, context: ErrorContext, isListed = false): MetaRecord {
  const json = checkedObjectJson(meta, context.id);
  const lastActivityMs = positiveAt(meta, KEY.lastActivity) ?? null;
  const listing = {
    lastActivityMs,
    // Only stores that keep it ask for it. Of what is stored: the caller's metadata may change.
    get text(): string | null {
      return isListed ? encodeListing(context.id ?? "", JSON.parse(json)) : null;
    },
  };
  return { version: randomToken(), json, index: sweepIndex(meta), listing };
}

/** `CORRUPT` if it is anything else than a version and metadata; `of` says whose: `"s1"`, or `the store itself`. */
export function decodeMeta(
  stored: StoredMeta,
  of: string,
  context: ErrorContext,
): { readonly version: Version; readonly meta: Meta } {
  const { version } = stored;
  if (typeof version !== "string") throw damaged("version", of, context);
  let cause: unknown;
  try {
    const meta = recordIn("meta" in stored ? stored.meta : JSON.parse(stored.json as string));
    if (meta) return { version, meta };
  } catch (error) {
    cause = error;
  }
  throw damaged("metadata", of, { ...context, cause });
}

function damaged(what: string, of: string, context: ErrorContext): ArchiverError {
  return new ArchiverError("CORRUPT", `The ${what} of ${of} is damaged. Restore a backup.`, context);
}
