/** Defects in how blobs are appended to and deleted. */
import { ArchiverError, type BlobRef, bytesOf, concat, toBytes } from "@session-archiver/core";
import { inBlobs, type Mutant, roundTrip } from "./mutant.js";
import { checkExactly, current, grown, sameSize } from "./wrong-refs.js";

const APPEND_CONFLICT = "append at another size or generation is CONFLICT, and changes nothing";
const DELETE_CONFLICT = "delete at another size or generation is CONFLICT, and deletes nothing";
const APPEND_GONE = "append to a blob that is gone is NOT_FOUND, and creates none";
const REPLACED = "old refs don't reach a blob that replaced theirs, not even at the same size";
const APPEND_RACE = "of concurrent appends at one ref exactly one succeeds";
const APPEND_OR_DELETE = "of an append and a delete at one ref exactly one succeeds";
const GROWN = "an old ref still reads its own bytes after the blob grew";
const MODEL = "blobs do what the model does";

export const blobAppendMutants: readonly Mutant[] = [
  inBlobs("append returns the old ref", ["append adds the chunk and gives the new ref"], (base) => ({
    async append(at, chunk, op) {
      await base.append(at, chunk, op);
      return at;
    },
  })),
  inBlobs(
    "append writes before the existing bytes",
    ["append adds the chunk and gives the new ref", GROWN],
    (base) => ({
      async append(at, chunk, op) {
        const before = await toBytes(base.read(at));
        const ref = await base.append(at, chunk, op);
        await base.delete(ref);
        return base.create(at.key, at.generation, bytesOf(concat([chunk.slice(), before])));
      },
    }),
  ),
  inBlobs("append drops bytes over 1 MiB", ["many appends of all sizes keep their order"], (base) => ({
    append: (at, chunk, op) => base.append(at, chunk.subarray(0, 2 ** 20), op),
  })),
  inBlobs("append refuses an empty chunk", ["append of nothing at the current ref changes nothing"], (base) => ({
    append(at, chunk, op) {
      if (chunk.length === 0) throw new ArchiverError("INVALID_ARGUMENT", "Nothing to append.");
      return base.append(at, chunk, op);
    },
  })),
  inBlobs("append of nothing checks nothing", [APPEND_CONFLICT], (base) => ({
    append: async (at, chunk, op) => (chunk.length === 0 ? at : base.append(at, chunk, op)),
  })),
  inBlobs("append keeps the caller's array", ["append copies: its array may be reused afterwards"], (base) => {
    const pending = new Map<string, Uint8Array>();
    return {
      async append(at, chunk, op) {
        const ref = await base.append(at, chunk, op);
        pending.set(JSON.stringify(ref), chunk);
        return ref;
      },
      async *read(at, range, op) {
        const bytes = await toBytes(base.read(at, range, op));
        const last = pending.get(JSON.stringify(at));
        if (last) bytes.set(last, bytes.length - last.length);
        yield bytes;
      },
    };
  }),
  inBlobs(
    "append writes the whole array that the chunk is part of",
    ["append takes a part of a larger array as that part"],
    (base) => ({
      append: (at, chunk, op) => base.append(at, new Uint8Array(chunk.buffer), op),
    }),
  ),
  inBlobs("append ignores the size", [APPEND_CONFLICT, APPEND_RACE, MODEL], (base) => {
    let turn: Promise<unknown> = Promise.resolve();
    return {
      append(at, chunk, op) {
        // One after the other, so that no size is outdated.
        const done = turn.then(async () => base.append(await grown(base, at), chunk, op));
        turn = done.catch(() => undefined);
        return done;
      },
    };
  }),
  inBlobs("append ignores the generation", [APPEND_CONFLICT, REPLACED], (base) => ({
    append: async (at, chunk, op) => base.append(await sameSize(base, at), chunk, op),
  })),
  inBlobs("append creates a blob that is gone", [APPEND_GONE, APPEND_OR_DELETE], (base) => ({
    append: async (at, chunk, op) =>
      (await base.stat(at.key)) ? base.append(at, chunk, op) : base.create(at.key, at.generation, bytesOf(chunk)),
  })),
  inBlobs("append to a blob that is gone is CONFLICT", [APPEND_GONE], (base) => ({
    append: async (at, chunk, op) =>
      base.append(at, chunk, op).catch((cause: unknown) => {
        throw new ArchiverError("CONFLICT", "Changed.", { id: at.key.id, key: at.key.name, cause });
      }),
  })),
  inBlobs(
    "append looks, then writes: another call may come between",
    [APPEND_RACE, "blobs: of appends through both at one ref exactly one succeeds"],
    (base) => ({
      async append(at, chunk) {
        await checkExactly(base, at);
        await roundTrip();
        return base.append(await current(base, at), chunk);
      },
    }),
  ),
  inBlobs("append ignores the signal", ["blobs.append: with an aborted signal appends nothing"], (base) => ({
    append: (at, chunk) => base.append(at, chunk),
  })),
  inBlobs("delete keeps the blob in the list", ["delete at the current ref removes the blob"], (base) => {
    const deleted: BlobRef[] = [];
    return {
      async delete(at, op) {
        await base.delete(at, op);
        deleted.push(at);
      },
      async *list(id, op) {
        yield* base.list(id, op);
        for (const ref of deleted) if (ref.key.id === id) yield ref;
      },
    };
  }),
  inBlobs(
    "delete ignores the size",
    [DELETE_CONFLICT, APPEND_OR_DELETE, MODEL, "output written just before the archived blob is deleted is kept"],
    (base) => ({
      delete: async (at, op) => base.delete(await grown(base, at), op),
    }),
  ),
  inBlobs(
    "delete ignores the generation",
    [DELETE_CONFLICT, REPLACED, "a session restored just before another archiver deletes its blob is kept"],
    (base) => ({
      delete: async (at, op) => base.delete(await sameSize(base, at), op),
    }),
  ),
  inBlobs("delete of a blob that is gone succeeds", ["delete of a blob that is gone is NOT_FOUND"], (base) => ({
    async delete(at, op) {
      if (await base.stat(at.key)) await base.delete(at, op);
    },
  })),
  inBlobs("delete looks, then deletes: another call may come between", [APPEND_OR_DELETE], (base) => ({
    async delete(at) {
      await checkExactly(base, at);
      await roundTrip();
      await base.delete(await current(base, at));
    },
  })),
  inBlobs(
    "delete removes every name with this prefix",
    ["blob names come back as they are, and delete takes no other with it"],
    (base) => ({
      async delete(at, op) {
        await base.delete(at, op);
        for await (const ref of base.list(at.key.id)) if (ref.key.name.startsWith(at.key.name)) await base.delete(ref);
      },
    }),
  ),
  inBlobs(
    "delete removes the session's other blobs too",
    ["list gives every blob of the session and of no other"],
    (base) => ({
      async delete(at, op) {
        await base.delete(at, op);
        for await (const ref of base.list(at.key.id)) await base.delete(ref);
      },
    }),
  ),
];
