/**
 * Sink keys: `<store id>/<folder>/<session id>.<UTC time>.<16 hex digits>` and an ending. A key is never used twice,
 * and is lower case except for the session id. The folder is two hex digits computed from the session id, so that of a
 * million files a few thousand share a folder. Run records lie in `<store id>/runs/`. See ADR 0025. A file that continues
 * others says in its key how many raw bytes these hold, and their CRC-32: see ADR 0046. One that has its manifest inline says
 * how long that is: see ADR 0063.
 */

import { MAX_NAME_LENGTH } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import { crc32 } from "./crc32.js";

/** Stands in keys for the id of a store that has none. */
export const NO_STORE = "none";
const STORE = `([0-9a-f]{12}|${NO_STORE})`;
/** `.jsonl.zst` and `.pack.*` are reserved for later formats: such keys are recognised and left alone. */
const FOLLOWS = String.raw`(?:\.follows-(\d{1,16})-(\d{1,10}))?`;
const INLINE = String.raw`(?:\.manifest-([1-9]\d{1,4}))?`;
const ENDING = String.raw`\.(jsonl\.gz|json|\d+\.gz|jsonl\.zst|pack\.gz|pack\.zst)`;
const KEY = new RegExp(
  String.raw`^${STORE}/([0-9a-f]{2})/(.+)\.\d{8}t\d{9}z\.[0-9a-f]{16}${INLINE}${FOLLOWS}${ENDING}$`,
  "s",
);
/** Keys of version 0.1: without a store, and with a dash before the digits. */
const OLD_KEY = /^(.+)\.\d{8}t\d{9}z-[0-9a-f]{16}\.(jsonl\.gz|json|\d+\.gz)$/s;
const MADE = new RegExp(String.raw`\.(\d{8})t(\d{6})(\d{3})z[.-][0-9a-f]{16}${INLINE}${FOLLOWS}${ENDING}$`);
const RECORD_KEY = new RegExp(String.raw`^${STORE}/runs/\d{8}t\d{9}z\.[0-9a-f]{16}\.json$`);

const LONGEST_ENDING = 64;
/** The longest of what a key may say more: what a part continues. */
const LONGEST_MORE = 36;
const LATEST_MS = Date.UTC(9999, 11, 31);

/** Longest id of a session that can be archived, in UTF-16 units: its sink keys are longer. */
export const MAX_ARCHIVABLE_ID_LENGTH: number = MAX_NAME_LENGTH - LONGEST_ENDING;

/** The parts of a sink key. */
export interface ParsedKey {
  /** Id of the session. */
  readonly id: string;
  /** Id of the store that made it; `undefined` for a store without an id, or for version 0.1. */
  readonly store: string | undefined;
  /** The part that all keys of one archive share. */
  readonly keyBase: string;
  /** Size of the manifest in bytes, if it is inline in the output's archive file: then both keys say so. */
  readonly manifestBytes?: number | undefined;
  readonly kind: "output" | "manifest" | "sidecar" | "reserved";
  /** What it continues, if it is a part of a file that does not begin with it. */
  readonly follows?: Followed | undefined;
}

/** The beginning of a file that a part continues: how many raw bytes it has, and their CRC-32. */
export interface Followed {
  readonly rawBytes: number;
  readonly crc32: number;
}

/** The part that all keys of one archive share. */
export function newArchiveKeyBase(id: string, now: number, randomId: string, store: string | undefined): string {
  if (id.length > MAX_ARCHIVABLE_ID_LENGTH) {
    const limit = MAX_ARCHIVABLE_ID_LENGTH;
    throw new ArchiverError("INVALID_ARGUMENT", `Ids of sessions to be archived have at most ${limit} characters.`, {
      id,
    });
  }
  return `${folderOf(id, store)}${id}.${timeOf(now)}.${randomId}`;
}

export function outputKey(keyBase: string, follows?: Followed): string {
  return `${keyBase}${followsIn(follows)}.jsonl.gz`;
}

/** Sidecars have numbers: their names may be any text, and are in the manifest. */
export function sidecarKey(keyBase: string, number: number, follows?: Followed): string {
  return `${keyBase}${followsIn(follows)}.${number}.gz`;
}

/** Whether the id leaves room in a key for what a part continues, or for the size of an inline manifest. */
export function hasRoomInKey(id: string): boolean {
  return id.length <= MAX_ARCHIVABLE_ID_LENGTH - LONGEST_MORE;
}

function followsIn(follows: Followed | undefined): string {
  return follows ? `.follows-${follows.rawBytes}-${follows.crc32}` : "";
}

/** No object has this key if the manifest is inline in the output's: `format/inline-manifest.ts` shows one. */
export function manifestKey(keyBase: string): string {
  return `${keyBase}.json`;
}

/** The part that the keys of an archive share whose manifest, of this size, is inline. */
export function inlineKeyBase(keyBase: string, manifestBytes: number): string {
  return `${keyBase}.manifest-${manifestBytes}`;
}

/** The key of a run record: see `run-records/`. */
export function recordKey(store: string, now: number, randomId: string): string {
  return `${recordPrefix(store)}${timeOf(now)}.${randomId}.json`;
}

export function recordPrefix(store: string): string {
  return `${store}/runs/`;
}

export function isRecordKey(key: string): boolean {
  return RECORD_KEY.test(key);
}

/** Keys of damaged objects begin with this. */
export const QUARANTINE_PREFIX = "quarantine/";
const QUARANTINED = ".damaged";

/**
 * Where an object is kept that was found damaged. No session, gc or import takes such a key for an archive's.
 * `undefined` if the key is too long for that.
 */
export function quarantineKey(key: string): string | undefined {
  const quarantined = `${QUARANTINE_PREFIX}${key}${QUARANTINED}`;
  return quarantined.length > MAX_NAME_LENGTH ? undefined : quarantined;
}

/** The key that an object in quarantine had before; `undefined` if the key is not one of the quarantine. */
export function quarantinedKey(key: string): string | undefined {
  const isQuarantined = key.startsWith(QUARANTINE_PREFIX) && key.endsWith(QUARANTINED);
  return isQuarantined ? key.slice(QUARANTINE_PREFIX.length, -QUARANTINED.length) : undefined;
}

/** The parts of a key; `undefined` if it is not one of this library's. */
export function parseKey(key: string): ParsedKey | undefined {
  const [, store, folder, id, inline, bytes, crc, ending] = KEY.exec(key) ?? [];
  if (store !== undefined && id !== undefined && ending !== undefined) {
    if (folder !== spread(id)) return undefined;
    const own = { id, store: store === NO_STORE ? undefined : store };
    if (inline !== undefined) {
      const { kind, keyBase } = kindOf(key, ending);
      const isWhole = bytes === undefined && (kind === "output" || kind === "manifest");
      return isWhole ? { ...own, kind, keyBase, manifestBytes: Number(inline) } : undefined;
    }
    if (bytes === undefined || crc === undefined) return { ...own, ...kindOf(key, ending) };
    const follows = { rawBytes: Number(bytes), crc32: Number(crc) };
    if (!key.endsWith(`${followsIn(follows)}.${ending}`)) return undefined; // not as this library writes numbers
    const { kind, keyBase } = kindOf(key, ending, followsIn(follows));
    return { ...own, keyBase, kind: kind === "manifest" ? "reserved" : kind, follows };
  }
  const [, oldId, oldEnding] = OLD_KEY.exec(key) ?? [];
  if (oldId === undefined || oldEnding === undefined) return undefined;
  return { id: oldId, store: undefined, ...kindOf(key, oldEnding) };
}

/** The session that a key was made for; `undefined` if it is not one of this library's. */
export function sessionIdOf(key: string): string | undefined {
  return parseKey(key)?.id;
}

/** When the archive under a key of this library was begun, in unix ms; `undefined` if the key does not say. */
export function keyTime(key: string): number | undefined {
  const [, date = "", time = "", ms = ""] = MADE.exec(key) ?? [];
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
  const parsed = Date.parse(`${year}-${month}-${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.${ms}Z`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/**
 * Prefixes of all sink keys of a session, with this store's id or with none. Other sessions' keys may have them too.
 */
export function keyPrefixes(id: string, store: string | undefined): readonly string[] {
  return [...folderPrefixes(id, store).map((folder) => `${folder}${id}.`), `${id}.`];
}

/** The folders that a session's keys lie in, with this store's id and with none. */
export function folderPrefixes(id: string, store: string | undefined): readonly string[] {
  return [...new Set([store, undefined])].map((one) => folderOf(id, one));
}

function folderOf(id: string, store: string | undefined): string {
  return `${store ?? NO_STORE}/${spread(id)}/`;
}

/** Sessions are spread over this many folders. */
export const FOLDERS = 256;

/** The number of the folder that the session's keys lie in, from 0 on. */
export function folderNumber(id: string): number {
  return crc32(new TextEncoder().encode(id)) % FOLDERS;
}

function spread(id: string): string {
  return folderNumber(id).toString(16).padStart(2, "0");
}

/** Even if a clock is wrong by millennia, keys have the same form. */
function timeOf(now: number): string {
  return new Date(Math.min(Math.max(now, 0) || 0, LATEST_MS)).toISOString().replace(/[-:.]/g, "").toLowerCase();
}

const KINDS: Readonly<Record<string, ParsedKey["kind"]>> = { "jsonl.gz": "output", json: "manifest" };

function kindOf(key: string, ending: string, before = ""): Pick<ParsedKey, "keyBase" | "kind"> {
  const kind = KINDS[ending] ?? (/^\d+\.gz$/.test(ending) ? "sidecar" : "reserved");
  return { kind, keyBase: key.slice(0, -(before.length + ending.length + 1)) };
}
