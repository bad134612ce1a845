/** Defects in how a store keeps its own metadata. */
import { ArchiverError, type Meta, type ObjectStore, type OwnMeta } from "@session-archiver/core";
import { sweepIndex } from "@session-archiver/core/adapter";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant, roundTrip } from "./mutant.js";

const CREATES = "own metadata: put with null creates it; get gives version and metadata";
const REPLACES = "own metadata: put at the current version replaces it as a whole";
const TAKEN = "own metadata: put with null is CONFLICT if it is there, and changes nothing";
const STALE = "own metadata: put at a stale version is CONFLICT, and changes nothing";
const ABSENT = "own metadata: put at a version is CONFLICT if it is absent, and creates nothing";
const ANOTHER = "own metadata: every put gives another version, also with equal metadata";
const RACE = "own metadata: of many puts at one version exactly one succeeds";
const LISTED = "own metadata is never listed, found or counted among the objects";
const APART = "own metadata and objects leave each other as they are";
const COPIED = "own metadata: changing what was put or given doesn't reach the store";
const ABORTED = "own metadata: with an aborted signal no call does anything";
const RESTART = "own metadata survives a restart as its last put left it";
const PEER = "own metadata: each instance sees what the other has written";

function ownOf({ ownMeta }: ObjectStore): OwnMeta {
  if (!ownMeta) throw new Error("The memory store has own metadata.");
  return ownMeta;
}

/** Puts whatever the version. */
async function force(own: OwnMeta, meta: Meta): Promise<string> {
  for (;;) {
    const done = await own.put(meta, (await own.get())?.version ?? null).catch(() => undefined);
    if (done) return done;
  }
}

function conflict(): ArchiverError {
  return new ArchiverError("CONFLICT", "Another version.");
}

function inOwnMeta(defect: string, caughtBy: readonly string[], change: (own: OwnMeta) => Partial<OwnMeta>): Mutant {
  return inPorts(`own metadata: ${defect}`, caughtBy, (ports) => {
    const own = ownOf(ports.objects);
    return sharing({ ...ports, objects: { ...ports.objects, ownMeta: { ...own, ...change(own) } } });
  });
}

/** Kept as an object among the others. */
function amongObjects(objects: ObjectStore): OwnMeta {
  return {
    async get(op) {
      const found = await objects.get("store", op);
      return found && { version: found.version, meta: found.meta };
    },
    put: (meta, expected, op) => objects.put("store", meta, expected, op),
  };
}

export const ownMetaMutants: readonly Mutant[] = [
  inOwnMeta("it is there from the start", ["a store's own metadata is absent at first", ABSENT, ABORTED], (own) => ({
    get: async (op) => (await own.get(op)) ?? { version: "0", meta: {} },
  })),
  inOwnMeta("get gives no version", [CREATES, ANOTHER], (own) => ({
    async get(op) {
      const found = await own.get(op);
      return found && { ...found, version: "" };
    },
  })),
  inOwnMeta("values that are no text are lost", [CREATES], (own) => ({
    put: (meta, expected, op) =>
      own.put(Object.fromEntries(Object.entries(meta).filter(([, value]) => typeof value === "string")), expected, op),
  })),
  inOwnMeta("put merges into what was there", [REPLACES], (own) => ({
    put: async (meta, expected, op) => own.put({ ...(await own.get())?.meta, ...meta }, expected, op),
  })),
  inOwnMeta("put with null overwrites", [TAKEN, RACE, RESTART], (own) => ({
    put: (meta, expected, op) => (expected === null ? force(own, meta) : own.put(meta, expected, op)),
  })),
  inOwnMeta("put ignores the version", [STALE, ABSENT, RACE, RESTART, PEER], (own) => ({
    put: (meta, expected, op) => (expected === null ? own.put(meta, null, op) : force(own, meta)),
  })),
  inOwnMeta("put at a stale version reports CONFLICT, but after writing", [STALE], (own) => ({
    async put(meta, expected, op) {
      const result = await own.put(meta, expected, op).catch((error: unknown) => error);
      if (typeof result === "string") return result;
      if (expected !== null) await force(own, meta);
      throw result;
    },
  })),
  inOwnMeta("put at a version creates it", [ABSENT], (own) => ({
    put: async (meta, expected, op) => own.put(meta, (await own.get()) ? expected : null, op),
  })),
  inOwnMeta("put keeps the version if the metadata is equal", [ANOTHER], (own) => ({
    async put(meta, expected, op) {
      const now = await own.get();
      const equal = now?.version === expected && JSON.stringify(now?.meta) === JSON.stringify(meta);
      return equal ? now.version : own.put(meta, expected, op);
    },
  })),
  inOwnMeta("put looks, and writes after a round trip", [RACE, PEER], (own) => ({
    async put(meta, expected) {
      if (((await own.get())?.version ?? null) !== expected) throw conflict();
      await roundTrip();
      return force(own, meta);
    },
  })),
  inOwnMeta("get returns the stored value itself, not a copy", [COPIED], (own) => {
    let kept: Meta = {};
    return {
      async get(op) {
        const found = await own.get(op);
        return found && { ...found, meta: kept };
      },
      async put(meta, expected, op) {
        const version = await own.put(meta, expected, op);
        kept = meta;
        return version;
      },
    };
  }),
  inOwnMeta("the signal is ignored", [ABORTED], (own) => ({
    get: () => own.get(),
    put: (meta, expected) => own.put(meta, expected),
  })),
  inPorts("own metadata: it is an object among the others", [LISTED, APART], (ports) =>
    sharing({ ...ports, objects: { ...ports.objects, ownMeta: amongObjects(ports.objects) } }),
  ),
  inPorts("own metadata: it counts as an archive", [LISTED], (ports) => {
    const own = ownOf(ports.objects);
    const storedBytes = async (): Promise<number> =>
      ((await ports.objects.archiveBytes?.()) ?? 0) + sweepIndex((await own.get())?.meta ?? {}).archiveBytes;
    return sharing({ ...ports, objects: { ...ports.objects, archiveBytes: storedBytes } });
  }),
  inPorts("own metadata: an object's delete changes it", [APART], (ports) => {
    const remove: ObjectStore["delete"] = async (id, expected, op) => {
      await ports.objects.delete(id, expected, op);
      await force(ownOf(ports.objects), {});
    };
    return sharing({ ...ports, objects: { ...ports.objects, delete: remove } });
  }),
  inPorts("own metadata: the last put is lost at a restart", [RESTART], (ports) => {
    const own = ownOf(ports.objects);
    let last: Meta | undefined;
    const put: OwnMeta["put"] = async (meta, expected, op) => {
      const before = (await own.get())?.meta;
      const version = await own.put(meta, expected, op);
      last = before;
      return version;
    };
    return {
      ...sharing({ ...ports, objects: { ...ports.objects, ownMeta: { ...own, put } } }),
      async reopen() {
        await force(own, last ?? {});
        return ports;
      },
    };
  }),
  inPorts("own metadata: an instance sees it as it was when it was opened", [PEER], (ports) => ({
    ...sharing(ports),
    async peer() {
      const own = ownOf(ports.objects);
      const seen = await own.get();
      return { ...ports, objects: { ...ports.objects, ownMeta: { ...own, get: async () => seen } } };
    },
  })),
];
