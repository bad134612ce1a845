/** Objects in memory: kept as JSON, so that nobody shares a mutable value with the store. */
import type { ListPlace, ObjectStore } from "../../ports.js";
import { comparePlaces } from "../../session/list-place.js";
import { defineObjects } from "../define-objects.js";
import { memoryClaims } from "./claims.js";

interface Row {
  readonly version: string;
  readonly json: string;
  readonly archiveBytes: number;
  readonly kept: ListPlace & { readonly listing: string | null };
}

/** An empty object store. */
export function memoryObjects(): ObjectStore {
  const objects = new Map<string, Row>();
  let own: Pick<Row, "version" | "json"> | undefined;
  let versions = 0;
  let archiveBytes = 0;
  const claims = memoryClaims();
  const nextVersion = (): string => String(++versions);
  return defineObjects({
    get(id) {
      return objects.get(id);
    },
    put(id, { json, index, listing }, expected) {
      const before = objects.get(id);
      if ((before?.version ?? null) !== expected) return undefined;
      const version = nextVersion();
      archiveBytes += index.archiveBytes - (before?.archiveBytes ?? 0);
      const kept = { id, lastActivityMs: listing.lastActivityMs, listing: listing.text };
      objects.set(id, { version, json, archiveBytes: index.archiveBytes, kept });
      return version;
    },
    delete(id, expected) {
      const row = objects.get(id);
      if (row?.version !== expected) return false;
      archiveBytes -= row.archiveBytes;
      return objects.delete(id);
    },
    async *list() {
      yield [...objects.keys()];
    },
    async *listNewest({ after }) {
      // Every value is in memory anyway.
      const all = [...objects.values()].map(({ kept }) => kept);
      yield all.filter((kept) => !after || comparePlaces(kept, after) > 0).sort(comparePlaces);
    },
    claim(owner, change, ttlMs) {
      const isTaken = claims(owner, change, ttlMs);
      const there = change.take.flatMap((id) => {
        const row = objects.get(id);
        return row ? [{ id, ...row }] : [];
      });
      const [taken, held] = [there.filter(({ id }) => isTaken(id)), there.filter(({ id }) => !isTaken(id))];
      return { objects: taken, held: held.map(({ id }) => id) };
    },
    archiveBytes() {
      return archiveBytes;
    },
    ownMeta: {
      place: "in memory",
      get() {
        return own;
      },
      put({ json }, expected) {
        if ((own?.version ?? null) !== expected) return undefined;
        own = { version: nextVersion(), json };
        return own.version;
      },
    },
  });
}
