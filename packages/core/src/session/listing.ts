/**
 * What lists show of a session: a part of its metadata, which a store may keep beside it as a short text, so that a list need
 * not read the rest. Whatever reads the whole metadata for a list gets the same from this part.
 */
import { factsIn } from "../format/origin.js";
import type { Json, Meta } from "../ports.js";
import { countIn } from "./line-count.js";
import { KEY, stringsAt } from "./metadata.js";
import { hasOriginals, isPruned, stateOf } from "./state.js";

/** Changes with the list of keys, or with what is kept of one. A text of another version is not understood. */
const VERSION = 1;

/** Stands for the session's id, which sink keys and facts repeat. JSON never holds it unescaped. */
const ITS_ID = "\u0001";

/** Their order is that of the text; the frequent ones come first. */
const KEYS = [
  KEY.lastActivity,
  KEY.startedAt,
  KEY.lineCount,
  KEY.archivedAt,
  KEY.archivedRawBytes,
  KEY.archiveBytes,
  KEY.archiveKey,
  KEY.facts,
  KEY.countedTo,
  KEY.originals,
  KEY.aliases,
  KEY.pinned,
  KEY.resumedAt,
  KEY.prunedAt,
  KEY.purgeAfter,
  KEY.forgottenAt,
  KEY.settlingAt,
] as const;

/** In UTF-16 units. Of a session with more, a list reads the whole metadata. */
const LONGEST = 4096;

/** The part of the metadata that lists show. Facts come without `state`, which only their extractor needs. */
export function listingOf(meta: Meta): Meta {
  // A loop: a list makes a listing of each session, and arrays on the way to it would cost as much again.
  const listing: Record<string, Json> = {};
  for (const key of KEYS) {
    const value = listedAt(meta, key);
    if (value != null) listing[key] = value;
  }
  return listing;
}

/** The same as a text to keep beside the session's id; `null` if it is too long for a list. */
export function encodeListing(id: string, meta: Meta): string | null {
  const values = KEYS.map((key) => listedAt(meta, key) ?? null);
  while (values.at(-1) === null) values.pop();
  const text = JSON.stringify([VERSION, ...values]);
  const short = id.length > 1 ? text.replaceAll(escaped(id), ITS_ID) : text;
  return short.length > LONGEST ? null : short;
}

/** `undefined` unless this version made the text, of this session. */
export function decodeListing(id: string, text: unknown): Meta | undefined {
  if (typeof text !== "string") return undefined;
  let values: unknown;
  try {
    values = JSON.parse(text.replaceAll(ITS_ID, () => escaped(id)));
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || values[0] !== VERSION) return undefined;
  const meta: Record<string, Json> = {};
  for (let i = 1; i < values.length; i++) {
    const key = KEYS[i - 1];
    if (key !== undefined && values[i] != null) meta[key] = values[i];
  }
  return meta;
}

/** As it stands within a JSON text. */
function escaped(id: string): string {
  return JSON.stringify(id).slice(1, -1);
}

function listedAt(meta: Meta, key: (typeof KEYS)[number]): Json | undefined {
  if (key === KEY.facts) return factsWithoutState(meta);
  if (key === KEY.countedTo) {
    // A full archive was counted when it was made.
    const counted = stateOf(meta) === "archived" || isPruned(meta) ? undefined : countIn(meta);
    return counted && { bytes: counted.bytes, newlines: counted.newlines };
  }
  if (key === KEY.originals) return hasOriginals(meta) ? { state: "kept" } : undefined;
  if (key === KEY.aliases) {
    const aliases = stringsAt(meta, key);
    return aliases.length > 0 ? aliases : undefined;
  }
  return meta[key];
}

function factsWithoutState(meta: Meta): Json | undefined {
  const facts = factsIn(meta[KEY.facts]);
  if (!facts) return undefined;
  const { state: _, ...values } = facts.values;
  const { by, version, bytes } = facts;
  return { by, version, ...(bytes === undefined ? {} : { bytes }), values };
}
