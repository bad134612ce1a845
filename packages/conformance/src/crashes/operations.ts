/** Every operation, from every state in which it may start. */
import { type Archiver, ArchiverError, type Describe, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { concat, text } from "../support/data.js";
import { archiverOn, makeSession, transcript } from "../support/session.js";
import { noteWrongTimes } from "../support/wrong-times.js";
import { portsOf } from "./faults.js";

export const SIDECAR_BYTES: Uint8Array = text("1\n2\n");

/** An operation, and what it may do to the session's output. */
export interface Operation {
  readonly name: string;
  /** Makes the session in the state where the operation starts. Gives its output. */
  prepare(ports: Ports, id: string): Promise<Uint8Array>;
  operate(archiver: Archiver, id: string): Promise<unknown>;
  /** Output that is there only if the operation got that far. */
  readonly adds?: Uint8Array;
  /** Whether the manifest is missing at the start: verify must report that until an archive has made a new one. */
  readonly lacksManifest?: boolean;
  /** Whether it gives the output up. */
  readonly purges?: boolean;
  /** Whether it gives the session up. */
  readonly removes?: boolean;
  /** Whether it forgets the session. */
  readonly forgets?: boolean;
  /** The source that it imports: the next import of the same source finishes it after any crash. */
  readonly imports?: Uint8Array;
  /** Whether it makes the session, which may not exist yet, or have no output. Its output is then written afterwards. */
  readonly creates?: boolean;
  /** Whether it may change the host's metadata to `CHANGED`. */
  readonly updates?: boolean;
  /** The archiver's hook for facts. */
  readonly describe?: Describe;
  /** Whether it makes the session anew from its archives. If it was cut short, the same finishes it. */
  readonly rebuilds?: boolean;
}

export type Prepare = Operation["prepare"];

/** The title that `makeSession` sets, and the one that an update sets. */
export const TITLE = "kept";
export const CHANGED = "changed";

const ADDED: Uint8Array = text("added\n");
const MORE = "more\n";

export const live: Prepare = async (ports, id) => {
  const output = concat([transcript(600), text("\n")]);
  await makeSession(ports, id, output, { times: SIDECAR_BYTES });
  return output;
};
export const archived: Prepare = async (ports, id) => {
  const output = await live(ports, id);
  await archiverOn(ports).archive(id);
  return output;
};
export const resumed: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  const recorder = archiverOn(ports).recorder(id);
  await recorder.append(MORE);
  await recorder.close();
  return concat([output, text(MORE)]);
};
const pruned: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  await archiverOn(ports).pruneSession(id);
  return output;
};
export const merged: Prepare = async (ports, id) => {
  const output = await resumed(ports, id);
  await archiverOn(ports).archive(id);
  return output;
};

/** Archived in as many parts as stay beside one another. */
const inParts: Prepare = async (ports, id) => {
  let output = await archived(ports, id);
  for (const size of [1000, 200]) {
    const more = concat([transcript(size), text("\n")]);
    const recorder = archiverOn(ports).recorder(id);
    await recorder.append(more);
    await recorder.close();
    await archiverOn(ports).archive(id);
    output = concat([output, more]);
  }
  return output;
};

const withoutManifest: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  const manifest = (await ports.objects.get(id))?.meta[KEY.manifestKey];
  await ports.archives.delete(String(manifest));
  return output;
};

const wrongTimes: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  await noteWrongTimes(ports, id);
  return output;
};
const wrongResumed: Prepare = async (ports, id) => {
  const output = await resumed(ports, id);
  await noteWrongTimes(ports, id);
  return output;
};

/** There is no session. */
const none: Prepare = async () => concat([transcript(600), text("\n")]);

/** A removal was cut short: an archive and live bytes are still there. */
const halfRemoved: Prepare = async (ports, id) => {
  await resumed(ports, id);
  const reachable = copyOf(ports);
  await archiverOn({ ...reachable, blobs: { ...reachable.blobs, delete: unreachable } })
    .remove(id)
    .catch(() => undefined);
  return none(ports, id);
};

/** An archive was committed, but its live blobs are still there. */
const unsettled: Prepare = async (ports, id) => {
  const output = await live(ports, id);
  const reachable = copyOf(ports);
  await archiverOn({ ...reachable, blobs: { ...reachable.blobs, delete: unreachable } }).archive(id);
  return output;
};

/** A restore has made its blobs, but has not committed. */
const halfRestored: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  const reachable = copyOf(ports);
  let puts = 0;
  const put: Ports["objects"]["put"] = (...args) => (puts++ === 0 ? reachable.objects.put(...args) : unreachable());
  await archiverOn({ ...reachable, objects: { ...reachable.objects, put } })
    .restore(id)
    .catch(() => undefined);
  return output;
};

/** The same ports as plain objects. */
function copyOf(ports: Ports): Ports {
  const nothing = (): undefined => undefined;
  const step = async (): Promise<void> => {};
  const calm = { before: nothing, fault: nothing, later: nothing, delay: nothing, synced: nothing, damaged: nothing };
  return portsOf(ports, { ...calm, step, syncsLate: false, stepsInBodies: false });
}

async function unreachable(): Promise<never> {
  throw new ArchiverError("UNAVAILABLE", "The store can't be reached.");
}

async function append(archiver: Archiver, id: string): Promise<void> {
  const recorder = archiver.recorder(id);
  await recorder.append(ADDED);
  await recorder.close();
}

const create = (archiver: Archiver, id: string): Promise<unknown> => archiver.create(id, { title: TITLE });

const update = (archiver: Archiver, id: string): Promise<unknown> =>
  archiver.update(id, (meta) => ({ ...meta, title: CHANGED }));

const mendTimes = (archiver: Archiver, id: string): Promise<unknown> => archiver.archive(id, { mendTimes: true });

/** Counts the bytes. */
const counting: Describe = {
  by: "conformance",
  version: 1,
  open(known) {
    let bytes = Number(known?.values["bytes"] ?? 0);
    return {
      add(chunk) {
        bytes += chunk.length;
      },
      values: () => ({ bytes }),
    };
  },
};

const describeFacts = (archiver: Archiver, id: string): Promise<unknown> => archiver.describe(id);

export const OPERATIONS: readonly Operation[] = [
  { name: "create", prepare: none, operate: create, creates: true },
  { name: "create after half a removal", prepare: halfRemoved, operate: create, creates: true },
  { name: "update", prepare: archived, operate: update, updates: true },
  { name: "update after half a restore", prepare: halfRestored, operate: update, updates: true },
  {
    name: "update that pins",
    prepare: resumed,
    operate: (archiver, id) => archiver.update(id, (meta) => ({ ...meta, title: CHANGED, [KEY.pinned]: true })),
    updates: true,
  },
  { name: "append to a live session", prepare: live, operate: append, adds: ADDED },
  { name: "append to an archived session", prepare: archived, operate: append, adds: ADDED },
  { name: "append to a resumed session", prepare: resumed, operate: append, adds: ADDED },
  { name: "append to a pruned session", prepare: pruned, operate: append, adds: ADDED },
  { name: "archive", prepare: live, operate: (archiver, id) => archiver.archive(id) },
  { name: "archive of a resumed session (part)", prepare: resumed, operate: (archiver, id) => archiver.archive(id) },
  {
    name: "archive that merges parts",
    prepare: inParts,
    operate: (archiver, id) => archiver.archive(id, { repack: true }),
  },
  { name: "restore of several parts", prepare: inParts, operate: (archiver, id) => archiver.restore(id) },
  {
    name: "archive that makes a lost manifest anew",
    prepare: withoutManifest,
    operate: (archiver, id) => archiver.archive(id),
    lacksManifest: true,
  },
  {
    name: "salvage that makes a lost manifest anew",
    prepare: withoutManifest,
    operate: (archiver, id) => archiver.salvage(id),
    lacksManifest: true,
  },
  { name: "archive that mends times", prepare: wrongTimes, operate: mendTimes },
  { name: "archive that mends times of a resumed session", prepare: wrongResumed, operate: mendTimes },
  { name: "facts of a live session", prepare: live, operate: describeFacts, describe: counting },
  { name: "facts of an archived session", prepare: archived, operate: describeFacts, describe: counting },
  { name: "facts of a resumed session", prepare: resumed, operate: describeFacts, describe: counting },
  { name: "restore", prepare: archived, operate: (archiver, id) => archiver.restore(id) },
  {
    name: "restore that keeps the archive",
    prepare: archived,
    operate: (archiver, id) => archiver.restore(id, { keepArchive: true }),
  },
  { name: "restore of a resumed session", prepare: resumed, operate: (archiver, id) => archiver.restore(id) },
  { name: "settle after an archive", prepare: unsettled, operate: (archiver, id) => archiver.settle(id) },
  { name: "settle after a restore", prepare: halfRestored, operate: (archiver, id) => archiver.settle(id) },
  { name: "sweep", prepare: live, operate: (archiver) => archiver.sweep() },
  { name: "sweep of a resumed session", prepare: resumed, operate: (archiver) => archiver.sweep({ inactiveDays: 0 }) },
  { name: "prune", prepare: archived, operate: (archiver) => archiver.prune({ maxTotalBytes: 0, graceDays: 100 }) },
  { name: "undo of a prune", prepare: pruned, operate: (archiver, id) => archiver.undoPrune(id) },
  { name: "purge", prepare: pruned, operate: (archiver) => archiver.prune({ graceDays: 0 }), purges: true },
  { name: "gc after a merge", prepare: merged, operate: (archiver) => archiver.gc({ graceDays: 0 }) },
  { name: "pin", prepare: archived, operate: (archiver, id) => archiver.pin(id, true) },
  { name: "remove", prepare: merged, operate: (archiver, id) => archiver.remove(id), removes: true },
  { name: "remove of a resumed session", prepare: resumed, operate: (a, id) => a.remove(id), removes: true },
  { name: "forget", prepare: merged, operate: (archiver, id) => archiver.forget(id), forgets: true },
  { name: "forget of a resumed session", prepare: resumed, operate: (a, id) => a.forget(id), forgets: true },
  { name: "forget after half a restore", prepare: halfRestored, operate: (a, id) => a.forget(id), forgets: true },
];
