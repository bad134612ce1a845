/** Defects of queries, and of the sum of all archives' bytes. */
import type { ObjectQuery, StoredObject, Version } from "@session-archiver/core";
import { type SweepIndex, sweepIndex } from "@session-archiver/core/adapter";
import { inObjects, type Mutant } from "./mutant.js";
import { sorted } from "./sorted.js";

const LESS = "a query never gives less than what matches, nor anything twice";
const AFTER_PUT = "a query sees an object as its last put left it";
const PRUNE = "a prune's query never gives less than what matches";
const SUM = "the stored bytes of all archives are what their objects say";
const LITERAL = "a prefix is taken literally, character by character";

/** A store that lists only the objects that pass its own filter. */
function filtering(pass: (id: string, index: SweepIndex, query: ObjectQuery) => boolean) {
  return (base: { list(query?: ObjectQuery): AsyncIterable<StoredObject> }) => ({
    async *list(query: ObjectQuery = {}): AsyncIterable<StoredObject> {
      for await (const object of base.list()) if (pass(object.id, sweepIndex(object.meta), query)) yield object;
    },
  });
}

export const queryMutants: readonly Mutant[] = [
  inObjects(
    "lastActiveBefore leaves out the time itself",
    [LESS],
    filtering(
      (_, { lastActivityMs }, { lastActiveBefore }) =>
        lastActiveBefore === undefined || (lastActivityMs !== null && lastActivityMs < lastActiveBefore),
    ),
  ),
  inObjects("archived: false leaves out the resumed", [LESS], (base) => ({
    async *list(query = {}) {
      for await (const object of base.list()) {
        const archived = Object.keys(object.meta).includes("session:archived_at");
        if (query.archived === undefined || query.archived === archived) yield object;
      }
    },
  })),
  inObjects(
    "archived: true leaves out those of unknown activity",
    [LESS],
    filtering(
      (_, { archived, lastActivityMs }, query) =>
        query.archived === undefined || (query.archived === archived && lastActivityMs !== null),
    ),
  ),
  inObjects("a query also gives deleted objects", [LESS], (base) => ({
    async *list(query, op) {
      yield* base.list(query, op);
      if (query?.archived) yield { id: "deleted", version: "0", meta: {} };
    },
  })),
  inObjects("oldestArchivesLimit gives those that were active last", [PRUNE], (base) => ({
    async *list(query, op) {
      const found = await sorted(base.list(query, op), ({ meta }) => -(sweepIndex(meta).keptActivityMs ?? 0));
      yield* found.slice(0, query?.oldestArchivesLimit);
    },
  })),
  inObjects("oldestArchivesLimit gives those that were archived first", [PRUNE], (base) => ({
    async *list(query, op) {
      const found = await sorted(base.list(query, op), ({ meta }) => Number(meta["session:archived_at"]));
      yield* found.slice(0, query?.oldestArchivesLimit);
    },
  })),
  inObjects("oldestArchivesLimit takes an unknown activity for the oldest", [PRUNE], (base) => ({
    async *list(query, op) {
      const found = await sorted(base.list(query, op), ({ meta }) => Number(meta["session:last_activity_ms"] ?? 0));
      yield* found.slice(0, query?.oldestArchivesLimit);
    },
  })),
  inObjects("oldestArchivesLimit counts those that have no archive", [PRUNE], (base) => ({
    async *list({ oldestArchivesLimit, ...query } = {}, op) {
      const found = await sorted(base.list(query, op), ({ meta }) => sweepIndex(meta).keptActivityMs ?? 0);
      yield* found.slice(0, oldestArchivesLimit);
    },
  })),
  inObjects(
    "oldestArchivesLimit leaves out the resumed",
    [PRUNE],
    filtering((_, { archived }, { oldestArchivesLimit }) => oldestArchivesLimit === undefined || archived),
  ),
  inObjects(
    "prunedBefore leaves out the time itself",
    [PRUNE],
    filtering(
      (_, { prunedAtMs }, { prunedBefore }) =>
        prunedBefore === undefined || (prunedAtMs !== null && prunedAtMs < prunedBefore),
    ),
  ),
  inObjects(
    "prunedBefore leaves out unsettled sessions",
    [PRUNE],
    filtering((_, { archived }, { prunedBefore }) => prunedBefore === undefined || archived),
  ),
  inObjects("storedBytes still counts deleted objects", [SUM], (base) => {
    let deleted = 0;
    return {
      async delete(id, expected, op) {
        const meta = (await base.get(id))?.meta;
        await base.delete(id, expected, op);
        deleted += meta ? sweepIndex(meta).archiveBytes : 0;
      },
      archiveBytes: async (op) => ((await base.archiveBytes?.(op)) ?? 0) + deleted,
    };
  }),
  inObjects("storedBytes counts every put of a session", [SUM], (base) => {
    let sum = 0;
    return {
      async put(id, meta, expected, op) {
        const version = await base.put(id, meta, expected, op);
        sum += sweepIndex(meta).archiveBytes;
        return version;
      },
      archiveBytes: async () => sum,
    };
  }),
  inObjects("storedBytes counts archives with a tombstone", [SUM], (base) => ({
    async archiveBytes() {
      let sum = 0;
      for await (const { meta } of base.list()) {
        const bytes = meta["session:archived_at"] === undefined ? 0 : meta["session:archive_stored_bytes"];
        sum += typeof bytes === "number" && bytes > 1 ? bytes : 0;
      }
      return sum;
    },
  })),
  inObjects("the index is written when an object is created, not after", [AFTER_PUT], (base) => {
    const indexed = new Map<string, SweepIndex>();
    return {
      put(id, meta, expected, op) {
        if (expected === null) indexed.set(id, sweepIndex(meta));
        return base.put(id, meta, expected, op);
      },
      async *list(query = {}, op) {
        for await (const object of base.list({ prefix: query.prefix }, op)) {
          const index = indexed.get(object.id);
          if (query.archived === undefined || index?.archived === query.archived) yield object;
        }
      },
    };
  }),
  inObjects("list gives objects as they were when first listed", [AFTER_PUT], (base) => {
    const seen = new Map<string, Version>();
    return {
      async *list(query, op) {
        for await (const object of base.list(undefined, op)) {
          const known = seen.get(object.id) ?? object.version;
          seen.set(object.id, known);
          if (known === object.version || query === undefined) yield { ...object, version: known };
        }
      },
    };
  }),
  inObjects(
    "a prefix is a LIKE pattern, escaped badly",
    [LITERAL],
    filtering((id, _, { prefix = "" }) => {
      const pattern = prefix.replaceAll("%", "\\%").replaceAll("_", "\\_").replaceAll("\\", "\\\\");
      return prefix.includes("%") ? id.startsWith(pattern) : id.startsWith(prefix);
    }),
  ),
  inObjects(
    "a prefix ends at U+FFFF",
    [LITERAL],
    filtering((id, _, { prefix = "" }) => id >= prefix && id < `${prefix}\uffff`),
  ),
  inObjects(
    "a prefix ends before the surrogates",
    [LITERAL],
    filtering((id, _, { prefix = "" }) => id.startsWith(prefix) && !/^[\ud800-\uffff]/.test(id.slice(prefix.length))),
  ),
  inObjects(
    "a prefix is a directory",
    [LITERAL, LESS],
    filtering(
      (id, _, { prefix = "" }) =>
        prefix === "" || id === prefix || id.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`),
    ),
  ),
];
