/** Every operation, from every state in which it may start. */
import type { Archiver, Describe } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { text } from "../support/data.js";
import {
  alone,
  archived,
  archivedAlone,
  halfRemoved,
  halfRestored,
  inParts,
  live,
  merged,
  none,
  type Prepare,
  pruned,
  prunedAlone,
  resumed,
  resumedAlone,
  unsettled,
  withoutManifest,
  wrongResumed,
  wrongTimes,
} from "./states.js";

/** An operation, and what it may do to the session's output. */
export interface Operation {
  readonly name: string;
  /** Makes the session in the state where the operation starts. */
  readonly prepare: Prepare;
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
  /** Whether the session has no sidecar, and so is archived as one object. */
  readonly isAlone?: boolean;
}

/** The title that `makeSession` sets, and the one that an update sets. */
export const TITLE = "kept";
export const CHANGED = "changed";

const ADDED: Uint8Array = text("added\n");

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
  { name: "archive of a short session", prepare: alone, operate: (a, id) => a.archive(id), isAlone: true },
  {
    name: "archive of a short session that goes on",
    prepare: resumedAlone,
    operate: (a, id) => a.archive(id),
    isAlone: true,
  },
  {
    name: "facts of a short session",
    prepare: archivedAlone,
    operate: describeFacts,
    describe: counting,
    isAlone: true,
  },
  {
    name: "purge of a short session",
    prepare: prunedAlone,
    operate: (a) => a.prune({ graceDays: 0 }),
    purges: true,
    isAlone: true,
  },
];
