/** Defects in the meaning of refs, and in listings of blobs. */
import { ArchiverError, type BlobKey, type BlobRef, type BlobStore } from "@session-archiver/core";
import { inBlobs, type Mutant } from "./mutant.js";
import { checkExactly, current, grown } from "./wrong-refs.js";

const REPLACED = "old refs don't reach a blob that replaced theirs, not even at the same size";
const GROWN = "an old ref still reads its own bytes after the blob grew";
const HALF_WAY = "a blob replaced half-way through never gives bytes of the new generation";
const MODEL = "blobs do what the model does";

export const blobRefMutants: readonly Mutant[] = [
  inBlobs(
    "stat gives a ref for an absent blob",
    ["stat of an absent blob gives undefined, and an unknown session has no blobs"],
    (base) => ({ stat: async (key, op) => (await base.stat(key, op)) ?? { key, generation: "none", size: 0 } }),
  ),
  inBlobs(
    "list fails for an unknown session",
    [
      "stat of an absent blob gives undefined, and an unknown session has no blobs",
      "delete at the current ref removes the blob",
    ],
    (base) => ({
      async *list(id, op) {
        let listed = 0;
        for await (const ref of base.list(id, op)) {
          listed++;
          yield ref;
        }
        if (listed === 0) throw new ArchiverError("NOT_FOUND", "No such session.", { id });
      },
    }),
  ),
  inBlobs(
    "stat gives a generation of the store's own",
    ["create, stat and list give the same ref: key, generation and size"],
    (base) => ({
      async stat(key, op) {
        const ref = await base.stat(key, op);
        return ref && { ...ref, generation: "1" };
      },
    }),
  ),
  inBlobs(
    "list gives the blobs of all sessions whose ids have this prefix",
    ["list gives every blob of the session and of no other"],
    (base) => {
      const ids = new Set<string>();
      return {
        create(key, generation, body, op) {
          ids.add(key.id);
          return base.create(key, generation, body, op);
        },
        async *list(id, op) {
          for (const other of ids) if (other.startsWith(id)) yield* base.list(other, op);
        },
      };
    },
  ),
  inBlobs(
    "only the very ref objects that it returned are accepted",
    ["a ref is plain data: an equal one does as well"],
    (base) => {
      const known = new WeakSet<BlobRef>();
      const knowing = (ref: BlobRef): BlobRef => {
        known.add(ref);
        return ref;
      };
      return {
        create: async (key, generation, body, op) => knowing(await base.create(key, generation, body, op)),
        async *read(at, range, op) {
          if (!known.has(at)) throw new ArchiverError("NOT_FOUND", "Unknown ref.");
          yield* base.read(at, range, op);
        },
      };
    },
  ),
  inBlobs(
    "read also gives bytes that were appended later",
    [GROWN, "read gives exactly its ref's bytes while others append"],
    (base) => ({
      async *read(at, range, op) {
        yield* base.read(await grown(base, at), range, op);
      },
    }),
  ),
  inBlobs(
    "read is CONFLICT once the blob grew",
    [GROWN, "read gives exactly its ref's bytes while others append"],
    (base) => ({
      async *read(at, range, op) {
        await checkExactly(base, at);
        yield* base.read(at, range, op);
      },
    }),
  ),
  inBlobs(
    "read at a size not reached yet gives the bytes there are",
    ["read at a size the blob doesn't have yet is CONFLICT"],
    (base) => ({
      async *read(at, range, op) {
        const now = await grown(base, at);
        yield* base.read(now.size < at.size ? now : at, range, op);
      },
    }),
  ),
  inBlobs(
    "read ignores the generation",
    ["read at another generation is NOT_FOUND", REPLACED, HALF_WAY, MODEL],
    (base) => ({
      async *read(at, range, op) {
        const size = 64 * 1024;
        const end = Math.min(range?.end ?? at.size, at.size);
        if (range && end <= range.start) return yield* base.read(at, range, op);
        for (let start = range?.start ?? 0; start < end; start += size) {
          yield* base.read(await current(base, at), { start, end: Math.min(start + size, end) }, op);
        }
      },
    }),
  ),
  inBlobs("read compares generations without regard to case", ["read at another generation is NOT_FOUND"], (base) => ({
    async *read(at, range, op) {
      const now = await current(base, at);
      const same = now.generation.toLowerCase() === at.generation.toLowerCase();
      yield* base.read(same ? { ...at, generation: now.generation } : at, range, op);
    },
  })),
  inBlobs("read looks at the generation at the start only", [HALF_WAY], (base) => ({
    async *read(at, range, op) {
      let read = range?.start ?? 0;
      try {
        for await (const chunk of base.read(at, range, op)) {
          read += chunk.length;
          yield chunk;
        }
      } catch (error) {
        if (read === 0) throw error;
        yield* base.read(await current(base, at), { ...range, start: read }, op);
      }
    },
  })),
  inBlobs(
    "one map, whose keys are id and name with a slash between",
    ["an id and a name are two: no way of joining them makes two blobs one"],
    (base) => joined(base, (key) => `${key.id}/${key.name}`),
  ),
  inBlobs(
    "one map, whose keys are id and name with a NUL between",
    ["an id and a name are two: no way of joining them makes two blobs one"],
    (base) => joined(base, (key) => `${key.id}\0${key.name}`),
  ),
];

/** Blobs under one string of id and name. Of several keys with the same string, the first stands for all. */
function joined(base: BlobStore, join: (key: BlobKey) => string): Partial<BlobStore> {
  const first = new Map<string, BlobKey>();
  const real = (key: BlobKey): BlobKey => {
    const whole = join(key);
    const known = first.get(whole) ?? key;
    first.set(whole, known);
    return known;
  };
  return {
    stat: (key, op) => base.stat(real(key), op),
    create: (key, generation, body, op) => base.create(real(key), generation, body, op),
    read: (at, range, op) => base.read({ ...at, key: real(at.key) }, range, op),
  };
}
