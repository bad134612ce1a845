/** Defects of listings. */
import type { StoredObject } from "@session-archiver/core";
import { sweepIndex } from "@session-archiver/core/adapter";
import { inObjects, type Mutant } from "./mutant.js";
import { sorted } from "./sorted.js";

const EVERY = "every object is listed once, as get gives it; deleted ones are not";
const THROUGHOUT = "objects present throughout are listed once, whatever is written meanwhile";
const MOVING = "objects that match throughout are listed once, also when their activity changes";
const MANY_AT_ONCE = "a listing may be left early, and several may run at once";

export const listingMutants: readonly Mutant[] = [
  inObjects("list begins with a root of its own", ["an empty store lists nothing"], (base) => ({
    async *list(query, op) {
      yield { id: "/", version: "0", meta: {} };
      yield* base.list(query, op);
    },
  })),
  inObjects("list ends after the first 100", [EVERY], (base) => ({
    async *list(query, op) {
      let listed = 0;
      for await (const object of base.list(query, op)) if (listed++ < 100) yield object;
    },
  })),
  inObjects("list repeats the first of each page of 50", [EVERY, THROUGHOUT], (base) => ({
    async *list(query, op) {
      let listed = 0;
      for await (const object of base.list(query, op)) {
        if (listed++ % 50 === 0) yield object;
        yield object;
      }
    },
  })),
  inObjects("list leaves out the metadata", [EVERY, "numbers come back exactly"], (base) => ({
    async *list(query, op) {
      for await (const object of base.list(query, op)) yield { ...object, meta: {} };
    },
  })),
  inObjects("list pages by offset: deletes meanwhile make it miss others", [THROUGHOUT, MOVING], (base) => ({
    async *list(query, op) {
      for (let offset = 0; ; offset++) {
        const now = await sorted(base.list(query, op), () => 0);
        const object = now[offset];
        if (!object) return;
        yield object;
      }
    },
  })),
  inObjects("list goes through objects as they were put: a put moves one to the end", [THROUGHOUT], (base) => ({
    async *list(query, op) {
      let after = 0;
      for (;;) {
        const next = (await sorted(base.list(query, op), (object) => Number(object.version))).find(
          (object) => Number(object.version) > after,
        );
        if (!next) return;
        after = Number(next.version);
        yield next;
      }
    },
  })),
  inObjects("list goes through an index of activity: a put moves an object within it", [MOVING], (base) => ({
    async *list(query, op) {
      if (query?.lastActiveBefore === undefined) return yield* base.list(query, op);
      const place = (object: StoredObject): number =>
        (sweepIndex(object.meta).lastActivityMs ?? 0) * 1e6 + Number(/\d+/.exec(object.id)?.[0]);
      let after = -1;
      for (;;) {
        const next = (await sorted(base.list(query, op), place)).find((object) => place(object) > after);
        if (!next) return;
        after = place(next);
        yield next;
      }
    },
  })),
  inObjects("a list continues where an earlier one was left", [MANY_AT_ONCE], (base) => {
    let left: AsyncIterator<StoredObject> | undefined;
    return {
      async *list(query, op) {
        left ??= base.list(query, op)[Symbol.asyncIterator]();
        for (let next = await left.next(); !next.done; next = await left.next()) yield next.value;
        left = undefined;
      },
    };
  }),
];
