/** Defects in claims. */
import type { ObjectStore } from "@session-archiver/core";
import { sharing } from "../subjects.js";
import { inObjects, inPorts, type Mutant, roundTrip } from "./mutant.js";

const GIVES = "claim gives the objects that it takes, and the ids that others hold";
const AGAIN = "an owner gets what it holds again";
const RELEASED = "what an owner releases is free; what another owner releases is not";
const RACE = "of many owners that ask at once each id goes to one";
const ENDS = "a claim ends after its time, and a call that changes nothing prolongs it";
const FREE = "a claim keeps nobody from anything";
const NAMES = "ids of all kinds are claimed as they are";
const ILLEGAL = "claim refuses illegal ids and owners, and claims nothing";
const ABORTED = "claim with an aborted signal claims nothing";
const PEER = "each instance sees the other's claims";

const SHARED = "several sweepers share the work: next to nothing is archived in vain";

type Claim = NonNullable<ObjectStore["claim"]>;

function claimOf({ claim }: ObjectStore): Claim {
  if (!claim) throw new Error("The memory store has claims.");
  return claim;
}

function inClaims(
  defect: string,
  caughtBy: readonly string[],
  change: (claim: Claim, base: ObjectStore) => Claim,
): Mutant {
  return inObjects(`claim ${defect}`, caughtBy, (base) => ({ claim: change(claimOf(base), base) }));
}

export const claimMutants: readonly Mutant[] = [
  inClaims(
    "gives everybody all",
    [GIVES, RELEASED, RACE, ENDS, FREE, NAMES, PEER, SHARED],
    (claim, base) =>
      async (...args) => {
        const { objects, held } = await claim(...args);
        const others = await Promise.all(held.map((id) => base.get(id)));
        return { objects: [...objects, ...others.flatMap((object) => object ?? [])], held: [] };
      },
  ),
  inClaims("doesn't say what others hold", [GIVES, RELEASED, RACE, FREE, NAMES, PEER], (claim) => async (...args) => {
    const { objects } = await claim(...args);
    return { objects, held: [] };
  }),
  inClaims("takes what is absent for held", [GIVES, FREE], (claim) => async (...args) => {
    const { objects } = await claim(...args);
    return { objects, held: args[1].take.filter((id) => !objects.some((object) => object.id === id)) };
  }),
  inClaims("refuses an owner what it holds", [AGAIN, ENDS, FREE], (claim) => {
    const mine = new Map<string, string>();
    return async (owner, change, ttlMs, op) => {
      const { objects, held } = await claim(owner, change, ttlMs, op);
      for (const id of change.release) mine.delete(id);
      const fresh = objects.filter(({ id }) => mine.get(id) !== owner);
      const old = objects.filter(({ id }) => mine.get(id) === owner).map(({ id }) => id);
      for (const { id } of fresh) mine.set(id, owner);
      return { objects: fresh, held: [...held, ...old] };
    };
  }),
  inClaims("releases nothing", [RELEASED, RACE, NAMES, PEER], (claim) => async (owner, change, ttlMs, op) => {
    return claim(owner, { ...change, release: [] }, ttlMs, op);
  }),
  inClaims("releases what others hold", [RELEASED], (claim) => {
    const owners = new Map<string, string>();
    return async (owner, change, ttlMs, op) => {
      for (const id of change.release) await claim(owners.get(id) ?? owner, { take: [], release: [id] }, ttlMs);
      const claimed = await claim(owner, change, ttlMs, op);
      for (const { id } of claimed.objects) owners.set(id, owner);
      return claimed;
    };
  }),
  inClaims("looks, and claims after a round trip", [RACE], (claim) => {
    const owners = new Map<string, string>();
    return async (owner, { take, release }, ttlMs, op) => {
      for (const id of release) if (owners.get(id) === owner) owners.delete(id);
      const isFree = (id: string): boolean => (owners.get(id) ?? owner) === owner;
      const [free, taken] = [take.filter(isFree), take.filter((id) => !isFree(id))];
      await roundTrip();
      for (const id of free) owners.set(id, owner);
      const { objects } = await claim("all", { take: free, release: [] }, ttlMs, op);
      return { objects, held: taken };
    };
  }),
  inClaims("never lets a claim end", [ENDS], (claim) => (owner, change, _, op) => claim(owner, change, 86_400_000, op)),
  inClaims("prolongs nothing", [ENDS], (claim) => async (owner, change, ttlMs, op) => {
    if (change.take.length + change.release.length > 0) return claim(owner, change, ttlMs, op);
    return { objects: [], held: [] };
  }),
  inClaims("gives objects as they were when they were claimed first", [FREE], (claim) => {
    const seen = new Map<string, Awaited<ReturnType<Claim>>["objects"][number]>();
    return async (...args) => {
      const { objects, held } = await claim(...args);
      for (const object of objects) if (!seen.has(object.id)) seen.set(object.id, object);
      return { objects: objects.map((object) => seen.get(object.id) ?? object), held };
    };
  }),
  inClaims("takes ids that differ in case for one", [NAMES], (claim) => {
    const owners = new Map<string, string>();
    return async (owner, { take, release }, ttlMs, op) => {
      const fold = (id: string): string => id.toLowerCase();
      for (const id of release) if (owners.get(fold(id)) === owner) owners.delete(fold(id));
      const isFree = (id: string): boolean => (owners.get(fold(id)) ?? owner) === owner;
      const free = take.filter(isFree);
      for (const id of free) owners.set(fold(id), owner);
      const { objects } = await claim("all", { take: free, release: [] }, ttlMs, op);
      return { objects, held: take.filter((id) => !isFree(id)) };
    };
  }),
  inClaims("skips illegal ids", [ILLEGAL], (claim) => (owner, { take, release }, ttlMs, op) => {
    const isLegal = (id: unknown): boolean => typeof id === "string" && id !== "" && id.length <= 1024;
    return claim(owner, { take: take.filter(isLegal), release: release.filter(isLegal) }, ttlMs, op);
  }),
  inClaims("ignores the signal", [ABORTED], (claim) => (owner, change, ttlMs) => claim(owner, change, ttlMs)),
  inPorts("objects: claims are each instance's own", [PEER], (ports) => ({
    ...sharing(ports),
    async peer() {
      const claim = claimOf(ports.objects);
      const own: Claim = (owner, { take, release }, ttlMs, op) => {
        return claim(owner, { take, release }, ttlMs, op).then(async ({ objects, held }) => {
          const others = await Promise.all(held.map((id) => ports.objects.get(id)));
          return { objects: [...objects, ...others.flatMap((object) => object ?? [])], held: [] };
        });
      };
      return { ...ports, objects: { ...ports.objects, claim: own } };
    },
  })),
];
