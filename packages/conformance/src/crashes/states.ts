/** The states in which an operation may start. */
import { ArchiverError, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { concat, text } from "../support/data.js";
import { archiverOn, makeSession, transcript } from "../support/session.js";
import { noteWrongTimes } from "../support/wrong-times.js";
import { portsOf } from "./faults.js";

/** Makes the session in a state. Gives its output. */
export type Prepare = (ports: Ports, id: string) => Promise<Uint8Array>;

export const SIDECAR_BYTES: Uint8Array = text("1\n2\n");
const MORE = "more\n";

export const live: Prepare = async (ports, id) => {
  const output = concat([transcript(600), text("\n")]);
  await makeSession(ports, id, output, { times: SIDECAR_BYTES });
  return output;
};
/** A session of one short file: it is archived as one object. */
export const alone: Prepare = async (ports, id) => {
  const output = concat([transcript(600), text("\n")]);
  await makeSession(ports, id, output);
  return output;
};

const archivedFrom = (before: Prepare): Prepare => {
  return async (ports, id) => {
    const output = await before(ports, id);
    await archiverOn(ports).archive(id);
    return output;
  };
};
const resumedFrom = (before: Prepare): Prepare => {
  return async (ports, id) => {
    const output = await before(ports, id);
    const recorder = archiverOn(ports).recorder(id);
    await recorder.append(MORE);
    await recorder.close();
    return concat([output, text(MORE)]);
  };
};
const prunedFrom = (before: Prepare): Prepare => {
  return async (ports, id) => {
    const output = await before(ports, id);
    await archiverOn(ports).pruneSession(id);
    return output;
  };
};

export const archived: Prepare = archivedFrom(live);
export const resumed: Prepare = resumedFrom(archived);
export const pruned: Prepare = prunedFrom(archived);
export const archivedAlone: Prepare = archivedFrom(alone);
export const resumedAlone: Prepare = resumedFrom(archivedAlone);
export const prunedAlone: Prepare = prunedFrom(archivedAlone);
export const merged: Prepare = async (ports, id) => {
  const output = await resumed(ports, id);
  await archiverOn(ports).archive(id);
  return output;
};

/** Archived in as many parts as stay beside one another. */
export const inParts: Prepare = async (ports, id) => {
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

export const withoutManifest: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  const manifest = (await ports.objects.get(id))?.meta[KEY.manifestKey];
  await ports.archives.delete(String(manifest));
  return output;
};

export const wrongTimes: Prepare = async (ports, id) => {
  const output = await archived(ports, id);
  await noteWrongTimes(ports, id);
  return output;
};
export const wrongResumed: Prepare = async (ports, id) => {
  const output = await resumed(ports, id);
  await noteWrongTimes(ports, id);
  return output;
};

/** There is no session. */
export const none: Prepare = async () => concat([transcript(600), text("\n")]);

/** A removal was cut short: an archive and live bytes are still there. */
export const halfRemoved: Prepare = async (ports, id) => {
  await resumed(ports, id);
  const reachable = copyOf(ports);
  await archiverOn({ ...reachable, blobs: { ...reachable.blobs, delete: unreachable } })
    .remove(id)
    .catch(() => undefined);
  return none(ports, id);
};

/** An archive was committed, but its live blobs are still there. */
export const unsettled: Prepare = async (ports, id) => {
  const output = await live(ports, id);
  const reachable = copyOf(ports);
  await archiverOn({ ...reachable, blobs: { ...reachable.blobs, delete: unreachable } }).archive(id);
  return output;
};

/** A restore has made its blobs, but has not committed. */
export const halfRestored: Prepare = async (ports, id) => {
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
