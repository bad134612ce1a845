/** Defects of what a store keeps for lists. */
import type { ObjectListing, ObjectStore } from "@session-archiver/core";
import { comparePlaces, KEY, sweepIndex } from "@session-archiver/core/adapter";
import { damageableMemory, sharing } from "../subjects.js";
import { inObjects, type Mutant } from "./mutant.js";

const ORDER = "newest first: every object once, in its place, with what lists show";
const LAST_PUT = "newest first: an object as its last put left it; deleted ones are gone";
const AFTER = "newest first: goes on after any place, also where no object is";
const PREFIX = "newest first: a prefix leaves out no object that begins so";
const MOVING = "newest first: what keeps its place is given once, whatever is written meanwhile";
const MANY_AT_ONCE = "newest first: a listing may be left early, and several may run at once";
const ABORTED = "newest first: with an aborted signal nothing is listed";
const DAMAGED = "newest first: a damaged object hides no other";
const RESTART = "newest first: the order survives a restart";
const PEER = "newest first: each instance sees what the other has written";

type List = NonNullable<ObjectStore["listNewest"]>;

function listOf({ listNewest }: ObjectStore): List {
  if (!listNewest) throw new Error("The memory store lists the newest first.");
  return listNewest;
}

function inNewest(
  defect: string,
  caughtBy: readonly string[],
  change: (list: List, base: ObjectStore) => List,
): Mutant {
  return inObjects(`listNewest ${defect}`, caughtBy, (base) => ({ listNewest: change(listOf(base), base) }));
}

/** All of them in an order of its own, of those after the place. */
function ordered(compare: (a: ObjectListing, b: ObjectListing) => number) {
  return (list: List): List =>
    async function* (query, op) {
      yield* (await Array.fromAsync(list(query, op))).sort(compare);
    };
}

const time = ({ lastActivityMs }: ObjectListing): number => lastActivityMs ?? 0;

export const newestMutants: readonly Mutant[] = [
  inNewest(
    "gives the oldest first",
    [ORDER],
    ordered((a, b) => -comparePlaces(a, b)),
  ),
  inNewest(
    "gives those of unknown activity first",
    [ORDER],
    ordered((a, b) => Number(b.lastActivityMs === null) - Number(a.lastActivityMs === null) || comparePlaces(a, b)),
  ),
  inNewest(
    "compares ids by their code units",
    [ORDER],
    ordered((a, b) => time(b) - time(a) || (a.id < b.id ? -1 : 1)),
  ),
  inNewest(
    "goes by whole milliseconds",
    [ORDER],
    ordered(
      (a, b) =>
        Math.floor(time(b)) - Math.floor(time(a)) ||
        comparePlaces({ ...a, lastActivityMs: 1 }, { ...b, lastActivityMs: 1 }),
    ),
  ),
  inNewest(
    "goes by the time that sweeps get",
    [ORDER, LAST_PUT],
    (list, base) =>
      async function* (query, op) {
        const told = async (item: ObjectListing): Promise<ObjectListing> => {
          const lastActivityMs = sweepIndex((await base.get(item.id))?.meta ?? {}).lastActivityMs || null;
          return { ...item, lastActivityMs };
        };
        const items = await Promise.all((await Array.fromAsync(list(query, op))).map(told));
        yield* items.sort(comparePlaces);
      },
  ),
  inNewest(
    "ends after 500",
    [ORDER],
    (list) =>
      async function* (query, op) {
        let listed = 0;
        for await (const item of list(query, op)) if (listed++ < 500) yield item;
      },
  ),
  inNewest(
    "gives the whole metadata",
    [ORDER],
    (list, base) =>
      async function* (query, op) {
        for await (const item of list(query, op)) yield { ...item, listing: (await base.get(item.id))?.meta ?? {} };
      },
  ),
  inNewest(
    "leaves out the facts",
    [ORDER],
    (list) =>
      async function* (query, op) {
        for await (const item of list(query, op)) {
          const { [KEY.facts]: _, ...listing } = item.listing;
          yield { ...item, listing };
        }
      },
  ),
  inNewest("gives objects as they were when first listed", [LAST_PUT], (list) => {
    const first = new Map<string, ObjectListing>();
    return async function* (query, op) {
      for await (const item of list(query, op)) {
        if (!first.has(item.id)) first.set(item.id, item);
        yield first.get(item.id) ?? item;
      }
    };
  }),
  inNewest("also gives deleted objects", [LAST_PUT], (list) => {
    const seen = new Map<string, ObjectListing>();
    return async function* (query, op) {
      for await (const item of list(query, op)) seen.set(item.id, item);
      yield* [...seen.values()].sort(comparePlaces);
    };
  }),
  inNewest(
    "gives the place itself again",
    [AFTER],
    (list) =>
      async function* (query, op) {
        for await (const item of list({ prefix: query?.prefix }, op)) {
          if (!query?.after || comparePlaces(item, query.after) >= 0) yield item;
        }
      },
  ),
  inNewest(
    "goes on after the time alone",
    [AFTER],
    (list) =>
      async function* (query, op) {
        for await (const item of list({ prefix: query?.prefix }, op)) {
          if (!query?.after || time(item) < (query.after.lastActivityMs ?? 0)) yield item;
        }
      },
  ),
  inNewest(
    "begins anew if no object is at the place",
    [AFTER],
    (list) =>
      async function* (query, op) {
        const all = await Array.fromAsync(list({ prefix: query?.prefix }, op));
        const at = all.findIndex((item) => query?.after && comparePlaces(item, query.after) === 0);
        yield* all.slice(at + 1);
      },
  ),
  inNewest(
    "takes the prefix for a pattern",
    [PREFIX],
    (list) =>
      async function* (query, op) {
        for await (const item of list(query, op)) if (!query?.prefix?.includes("_")) yield item;
      },
  ),
  inNewest(
    "pages by offset",
    [MOVING],
    (list) =>
      async function* (query, op) {
        for (let offset = 0; ; offset += 100) {
          const page = (await Array.fromAsync(list(query, op))).slice(offset, offset + 100);
          if (page.length === 0) return;
          yield* page;
        }
      },
  ),
  inNewest("continues where an earlier one was left", [MANY_AT_ONCE], (list) => {
    let left: AsyncIterator<ObjectListing> | undefined;
    return async function* (query, op) {
      left ??= list(query, op)[Symbol.asyncIterator]();
      for (let next = await left.next(); !next.done; next = await left.next()) yield next.value;
      left = undefined;
    };
  }),
  inNewest("does not look at the signal", [ABORTED], (list) => (query) => list(query)),
  {
    defect: "objects: listNewest ends at a damaged object",
    caughtBy: [DAMAGED],
    make() {
      const ports = damageableMemory();
      const damaged = new Set<string>();
      const list = listOf(ports.objects);
      const listNewest: List = async function* (query, op) {
        for await (const item of list(query, op)) {
          if (damaged.has(item.id)) return;
          yield item;
        }
      };
      const damage = async (id: string): Promise<void> => void damaged.add(id);
      return sharing({ ...ports, damage, objects: { ...ports.objects, listNewest } } as typeof ports);
    },
  },
  {
    defect: "objects: listNewest knows nothing of what was there at its start",
    caughtBy: [RESTART, PEER],
    make() {
      const ports = damageableMemory();
      const seeing = (known: Set<string>): typeof ports => ({
        ...ports,
        objects: {
          ...ports.objects,
          put(id, ...rest) {
            known.add(id);
            return ports.objects.put(id, ...rest);
          },
          async *listNewest(query, op) {
            for await (const item of listOf(ports.objects)(query, op)) if (known.has(item.id)) yield item;
          },
        },
      });
      const again = async (): Promise<typeof ports> => seeing(new Set());
      return { ...seeing(new Set()), reopen: again, peer: again };
    },
  },
];
