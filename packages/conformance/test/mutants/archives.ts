/** Defects in what a sink reports about its archives. */
import { type ArchiveInfo, ArchiverError } from "@session-archiver/core";
import { inArchives, type Mutant } from "./mutant.js";

const INFO = "put, stat and list give the same key, size and time";
const LIST = "keys present throughout are listed once, whatever is written meanwhile";
const PREFIX = "list gives exactly the keys with the prefix, taken literally";

export const archiveMutants: readonly Mutant[] = [
  inArchives(
    "stat of an absent key is NOT_FOUND",
    ["an empty sink lists nothing, and stat of an absent key gives undefined"],
    (base) => ({
      async stat(key, op) {
        const info = await base.stat(key, op);
        if (info) return info;
        throw new ArchiverError("NOT_FOUND", "There is no such archive.", { key });
      },
    }),
  ),
  inArchives("stat gives the time of the call", [INFO], (base) => ({
    async stat(key, op) {
      const info = await base.stat(key, op);
      return info && { ...info, createdAt: info.createdAt + 1 };
    },
  })),
  inArchives("list gives no sizes", [INFO], (base) => ({
    async *list(prefix, op) {
      for await (const info of base.list(prefix, op)) yield { ...info, size: 0 };
    },
  })),
  inArchives("times are in seconds", ["the time of a put is in unix milliseconds"], (base) => ({
    async put(key, body, op) {
      const info = await base.put(key, body, op);
      return { ...info, createdAt: Math.floor(info.createdAt / 1000) };
    },
  })),
  inArchives("the time is when a put began", ["the time of a put is when it finished, not when it began"], (base) => ({
    async put(key, body, op) {
      const createdAt = Date.now();
      return { ...(await base.put(key, body, op)), createdAt };
    },
  })),
  inArchives(
    "delete removes every key with this prefix",
    ["delete removes the archive and no other", "sink keys come back as they are, and delete takes no other with it"],
    (base) => ({
      async delete(key, op) {
        await base.delete(key, op);
        for await (const info of base.list(key)) await base.delete(info.key);
      },
    }),
  ),
  inArchives(
    "delete of an absent key is NOT_FOUND",
    ["delete of an absent key succeeds, again and again, and at once"],
    (base) => ({
      async delete(key, op) {
        if (!(await base.stat(key))) throw new ArchiverError("NOT_FOUND", "There is no such archive.", { key });
        await base.delete(key, op);
      },
    }),
  ),
  inArchives(
    "delete keeps the archive in the list",
    [
      "delete removes the archive and no other",
      "delete of an absent key succeeds, again and again, and at once",
      "prune can be undone while the bytes are there, and reads as PRUNED when they are not",
      "gc deletes archives that are proven to be superfluous, and nothing else",
      "a removed session leaves nothing, and no other loses anything",
    ],
    (base) => {
      const deleted = new Map<string, ArchiveInfo>();
      return {
        async delete(key, op) {
          const info = await base.stat(key);
          if (info) deleted.set(key, info);
          await base.delete(key, op);
        },
        async *list(prefix, op) {
          yield* base.list(prefix, op);
          for (const [key, info] of deleted) if (key.startsWith(prefix ?? "")) yield info;
        },
      };
    },
  ),
  inArchives(
    "delete and stat ignore the signal",
    ["archives: stat, read, list and delete with an aborted signal do nothing"],
    (base) => ({
      stat: (key) => base.stat(key),
      delete: (key) => base.delete(key),
    }),
  ),
  inArchives(
    "list lags behind: it lacks the last put",
    [INFO, "an archive that the catalogue does not know is never deleted unasked"],
    (base) => {
      let last = "";
      return {
        async put(key, body, op) {
          const info = await base.put(key, body, op);
          last = key;
          return info;
        },
        async *list(prefix, op) {
          for await (const info of base.list(prefix, op)) if (info.key !== last) yield info;
        },
      };
    },
  ),
  inArchives("list leaves out every tenth", [LIST, PREFIX], (base) => ({
    async *list(prefix, op) {
      let listed = 0;
      for await (const info of base.list(prefix, op)) if (++listed % 10 !== 0) yield info;
    },
  })),
  inArchives("list repeats the first", [INFO, LIST, PREFIX], (base) => ({
    async *list(prefix, op) {
      let listed = 0;
      for await (const info of base.list(prefix, op)) {
        if (listed++ === 0) yield info;
        yield info;
      }
    },
  })),
  inArchives("list pages by offset: deletes meanwhile make it miss others", [LIST], (base) => ({
    async *list(prefix, op) {
      for (let offset = 0; ; offset++) {
        let place = 0;
        let found = false;
        for await (const info of base.list(prefix, op)) {
          if (place++ !== offset) continue;
          found = true;
          yield info;
          break;
        }
        if (!found) return;
      }
    },
  })),
  inArchives("list ignores the prefix", [PREFIX], (base) => ({ list: (_, op) => base.list("", op) })),
  inArchives("a prefix is matched without regard to case", [PREFIX], (base) => ({
    async *list(prefix = "", op) {
      for await (const info of base.list("", op))
        if (info.key.toLowerCase().startsWith(prefix.toLowerCase())) yield info;
    },
  })),
  inArchives(
    "the errors don't say which key it was",
    ["archives.put: CONFLICT if the entry is there, which stays as it is"],
    (base) => ({
      put: (key, body, op) =>
        base.put(key, body, op).catch((error: unknown) => {
          throw error instanceof ArchiverError ? new ArchiverError(error.code, error.message) : error;
        }),
    }),
  ),
];
