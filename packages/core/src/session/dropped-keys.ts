/**
 * Remembers the sink keys that commits of this process have given up, or have met as given up. Their objects are deleted
 * some minutes later, without a look at the whole sink: what is forgotten here, `gc` finds.
 */
import { keyTime } from "../format/keys.js";
import type { Meta } from "../ports.js";
import { KEY, positiveAt, stringAt, stringsAt } from "./metadata.js";

/** Readers elsewhere, which look again when their bytes are gone, need not even do that if they are done by then. */
const GIVEN_UP_GRACE_MS = 10 * 60 * 1000;
/** Most keys to remember. */
const MOST_KEYS = 100_000;

export interface DroppedKeys {
  /** Notes what a commit has changed. */
  note(id: string, before: Meta, after: Meta, now: number): void;
  /** Forgets a key whose object was deleted. */
  gone(key: string): void;
  /** Takes out the keys that were given up long enough ago, by their sessions. */
  takeRipe(now: number): ReadonlyMap<string, readonly string[]>;
}

export function droppedKeys(): DroppedKeys {
  const keys = new Map<string, { readonly id: string; readonly at: number }>();
  return {
    note(id, before, after, now) {
      const given = stringsAt(after, KEY.givenUp);
      if (given.length === 0 || after[KEY.givenUp] === before[KEY.givenUp]) return;
      const old = new Set(stringsAt(before, KEY.givenUp));
      for (const key of given) {
        if (!keys.has(key)) keys.set(key, { id, at: old.has(key) ? givenUpSince(before) : now });
        if (keys.size > MOST_KEYS) keys.delete(keys.keys().next().value ?? "");
      }
    },
    gone: (key) => void keys.delete(key),
    takeRipe(now) {
      const bySession = new Map<string, string[]>();
      for (const [key, { id, at }] of keys) {
        if (!isRipe(at, now)) continue;
        keys.delete(key);
        bySession.set(id, [...(bySession.get(id) ?? []), key]);
      }
      return bySession;
    },
  };
}

/** Whether all keys that the session has given up were given up long enough ago. */
export function areRipe(meta: Meta, now: number): boolean {
  return isRipe(givenUpSince(meta), now);
}

/** In either direction: a clock that was wrong for a moment must not keep an object for years. */
function isRipe(at: number, now: number): boolean {
  return Math.abs(now - at) >= GIVEN_UP_GRACE_MS;
}

/** The last commit that can have given up a key: it made the archive or the manifest, or gave the archive up. */
function givenUpSince(meta: Meta): number {
  const manifest = stringAt(meta, KEY.manifestKey);
  const times = [KEY.archivedAt, KEY.restoredAt, KEY.purgedAt].map((key) => positiveAt(meta, key) ?? 0);
  return Math.max(...times, (manifest === undefined ? undefined : keyTime(manifest)) ?? 0);
}
