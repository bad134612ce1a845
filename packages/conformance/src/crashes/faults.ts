/** What may go wrong with a port call, and ports that fail in these ways. */
import {
  ArchiverError,
  type Bytes,
  bytesOf,
  type Claimed,
  type OwnMeta,
  type Ports,
  toBytes,
} from "@session-archiver/core";

/**
 * `unavailable`, `quota`: not done. `unclear`: done, and reported as UNAVAILABLE. `late`: reported as UNAVAILABLE, and done
 * some time later. `slow`: done, after many steps of others. `damaged`: a sink stores other bytes than it got.
 */
export type Fault = "unavailable" | "quota" | "unclear" | "late" | "slow" | "damaged";

export const READ_FAULTS: readonly [Fault, ...Fault[]] = ["unavailable", "slow"];
export const WRITE_FAULTS: readonly [Fault, ...Fault[]] = ["unavailable", "quota", "unclear", "late", "slow"];
export const SINK_FAULTS: readonly [Fault, ...Fault[]] = [...WRITE_FAULTS, "damaged"];

/** Waits until the call may continue. */
export type Step = () => Promise<void>;

export type Write =
  | "objects.put"
  | "objects.delete"
  | "ownMeta.put"
  | "blobs.create"
  | "blobs.append"
  | "blobs.delete"
  | "archives.put"
  | "archives.delete";

/** A process, from the point of view of its ports. */
export interface PortProcess {
  readonly step: Step;
  /** Notes that the next step comes before a write of this kind. */
  before(write: Write): void;
  /** What goes wrong with the next call, if anything. */
  fault(kinds: readonly [Fault, ...Fault[]]): Fault | undefined;
  /** Does a write later, as a separate process. */
  later(effect: () => Promise<unknown>): void;
  /** Lets other processes run first for a while. */
  delay(): void;
  /** Whether a write is reported one step after it was done. */
  readonly syncsLate: boolean;
  /** Whether there is a step before each chunk of a body too. */
  readonly stepsInBodies: boolean;
  /** Called when a write is about to be reported as done: it must be durable. */
  synced(): void;
  /** Called when a sink is about to keep damaged bytes. */
  damaged(): void;
}

/** The same ports with faults, and a step before each call, each chunk of a read and the end of each body. */
export function portsOf({ objects, blobs, archives, ...more }: Ports, process: PortProcess): Ports {
  const { step } = process;

  const fault = async (kinds: readonly [Fault, ...Fault[]]): Promise<Fault | undefined> => {
    await step();
    const kind = process.fault(kinds);
    if (kind === "unavailable") throw unavailable();
    if (kind === "quota") throw new ArchiverError("QUOTA", "The store is full.");
    if (kind === "slow") {
      process.delay();
      await step();
    }
    return kind;
  };
  const look = async <T>(call: () => Promise<T>): Promise<T> => {
    await fault(READ_FAULTS);
    return call();
  };
  const stream = async function* <T>(call: () => AsyncIterable<T>): AsyncGenerator<T> {
    await fault(READ_FAULTS);
    for await (const item of call()) {
      yield item;
      if (process.fault(READ_FAULTS) === "unavailable") throw unavailable();
      await step();
    }
  };
  const report = async <T>(kind: Fault | undefined, effect: () => Promise<T>): Promise<T> => {
    if (kind === "late") {
      process.later(effect);
      throw unavailable();
    }
    const result = await effect();
    if (process.syncsLate) await step();
    process.synced();
    if (kind === "unclear") throw unavailable();
    return result;
  };
  const write = async <T>(name: Write, call: () => Promise<T>): Promise<T> => {
    process.before(name);
    return report(await fault(WRITE_FAULTS), call);
  };
  /** A write that takes a body: the end of the body is a separate step. */
  const writeBody = async <T>(
    name: Write,
    body: Bytes,
    kinds: readonly [Fault, ...Fault[]],
    call: (body: Bytes) => Promise<T>,
  ): Promise<T> => {
    process.before(name);
    const kind = await fault(kinds);
    if (kind === "late") {
      const bytes = await toBytes(body);
      return report(kind, () => call(bytesOf(bytes)));
    }
    const walked = stepped(body, process);
    if (kind !== "damaged") return report(kind, () => call(walked));
    process.damaged();
    return report(kind, () => call(damage(walked)));
  };
  return {
    ...more,
    objects: {
      get: (id, op) => look(() => objects.get(id, op)),
      put: (id, meta, expected, op) => write("objects.put", () => objects.put(id, meta, expected, op)),
      delete: (id, expected, op) => write("objects.delete", () => objects.delete(id, expected, op)),
      list: (query, op) => stream(() => objects.list(query, op)),
      ...sumOf(objects, look),
      ...claimsOf(objects, look),
      ...ownOf(objects.ownMeta, look, write),
    },
    blobs: {
      stat: (key, op) => look(() => blobs.stat(key, op)),
      list: (id, op) => stream(() => blobs.list(id, op)),
      read: (at, range, op) => stream(() => blobs.read(at, range, op)),
      create: (key, generation, body, op) =>
        writeBody("blobs.create", body, WRITE_FAULTS, (bytes) => blobs.create(key, generation, bytes, op)),
      append: (at, chunk, op) => write("blobs.append", () => blobs.append(at, chunk, op)),
      delete: (at, op) => write("blobs.delete", () => blobs.delete(at, op)),
    },
    archives: {
      put: (key, body, op) => writeBody("archives.put", body, SINK_FAULTS, (bytes) => archives.put(key, bytes, op)),
      stat: (key, op) => look(() => archives.stat(key, op)),
      read: (key, range, op) => stream(() => archives.read(key, range, op)),
      delete: (key, op) => write("archives.delete", () => archives.delete(key, op)),
      list: (prefix, op) => stream(() => archives.list(prefix, op)),
    },
  };
}

/** Only if the store keeps a sum. */
function sumOf(
  objects: Ports["objects"],
  look: (call: () => Promise<number>) => Promise<number>,
): Pick<Ports["objects"], "archiveBytes"> {
  const sum = objects.archiveBytes?.bind(objects);
  return sum ? { archiveBytes: (op) => look(() => sum(op)) } : {};
}

/** Only if the store has claims. */
function claimsOf(
  objects: Ports["objects"],
  look: (call: () => Promise<Claimed>) => Promise<Claimed>,
): Pick<Ports["objects"], "claim"> {
  const claim = objects.claim?.bind(objects);
  return claim ? { claim: (owner, change, ttlMs, op) => look(() => claim(owner, change, ttlMs, op)) } : {};
}

/** Only if the store keeps metadata of its own. */
function ownOf(
  own: OwnMeta | undefined,
  look: <T>(call: () => Promise<T>) => Promise<T>,
  write: <T>(name: Write, call: () => Promise<T>) => Promise<T>,
): Pick<Ports["objects"], "ownMeta"> {
  if (!own) return {};
  return {
    ownMeta: {
      get: (op) => look(() => own.get(op)),
      put: (meta, expected, op) => write("ownMeta.put", () => own.put(meta, expected, op)),
    },
  };
}

async function* stepped(body: Bytes, { step, stepsInBodies }: PortProcess): Bytes {
  for await (const chunk of body) {
    if (stepsInBodies) await step();
    yield chunk;
  }
  await step();
}

/** Flips a bit in the middle or, of more bytes, near the end: what a short archive holds comes behind its inline manifest. */
async function* damage(body: Bytes): Bytes {
  const bytes = (await toBytes(body)).slice();
  const place = Math.max(bytes.length >> 1, bytes.length - 27);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  yield bytes;
}

function unavailable(): ArchiverError {
  return new ArchiverError("UNAVAILABLE", "The store can't be reached.");
}
