/**
 * Storage as it is on one disk with an ordered journal: a write is seen by all as soon as it is done, and durable once it
 * was synced, with all that was done before it. A power cut undoes some of the last writes that were not.
 */
import {
  type ArchiveInfo,
  ArchiverError,
  type BlobKey,
  type BlobRef,
  concat,
  type Meta,
  matchesQuery,
  type OwnMeta,
  type Ports,
  type StoredObject,
  sweepIndex,
} from "@session-archiver/core";
import { toBytes } from "../support/data.js";
import { below, type Random } from "./random.js";

export interface StoredBlob {
  readonly ref: BlobRef;
  readonly bytes: Uint8Array;
}

export interface StoredArchive {
  readonly info: ArchiveInfo;
  readonly bytes: Uint8Array;
}

export interface StoredOwn {
  readonly version: string;
  readonly meta: Meta;
}

export interface Disk {
  readonly ports: Ports;
  /** What is stored now; blobs by session and name. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly blobs: ReadonlyMap<string, ReadonlyMap<string, StoredBlob>>;
  readonly archives: ReadonlyMap<string, StoredArchive>;
  /** The store's own metadata, if it keeps any. */
  own(): StoredOwn | undefined;
  /** All that was done so far is durable. */
  sync(): void;
  /** Undoes none, some or all of what is not durable: the last ones. */
  powerCut(random: Random): void;
}

export interface DiskOptions {
  readonly now: () => number;
  /** After every write. */
  readonly onEffect?: () => void;
  /** Before an object is replaced. What it returns is called if a power cut undoes that. */
  readonly onPut?: (before: Meta | undefined, after: Meta) => (() => void) | undefined;
  /** Whether the store keeps metadata of its own; not if not given. */
  readonly keepsOwn?: boolean;
  /** What is on the disk at first; nothing if not given. */
  readonly content?: Content;
  /** A version that no disk has given out yet; numbers of this disk's own if not given. */
  readonly newVersion?: () => string;
}

/** What a disk holds but for archives: copied when it is taken over. */
export interface Content {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly blobs: ReadonlyMap<string, ReadonlyMap<string, StoredBlob>>;
  readonly own: StoredOwn | undefined;
}

const OWN = "own";

/** Small, so that a read has a middle. */
const READ_BYTES = 8;

export function simulatedDisk(options: DiskOptions): Disk {
  const { now, onEffect = () => {}, onPut = () => undefined, content } = options;
  let versions = 0;
  const { newVersion = () => String(++versions) } = options;
  const objects = new Map(content?.objects);
  const blobs = new Map([...(content?.blobs ?? [])].map(([id, files]) => [id, new Map(files)]));
  const archives = new Map<string, StoredArchive>();
  const owns = new Map(content?.own ? [[OWN, content.own]] : []);
  let unsynced: (() => void)[] = [];

  const set = <K, V>(map: Map<K, V>, key: K, value: V | undefined): void => {
    const before = map.get(key);
    const put = (entry: V | undefined): void => void (entry === undefined ? map.delete(key) : map.set(key, entry));
    put(value);
    unsynced.push(() => put(before));
    onEffect();
  };
  const sessionBlobs = (id: string): Map<string, StoredBlob> => {
    const found = blobs.get(id) ?? new Map<string, StoredBlob>();
    blobs.set(id, found);
    return found;
  };
  const blobAt = ({ key, generation }: BlobRef): StoredBlob => {
    const blob = blobs.get(key.id)?.get(key.name);
    if (blob?.ref.generation === generation) return blob;
    throw new ArchiverError("NOT_FOUND", `Blob "${key.name}" is not there in generation ${generation}.`);
  };
  const exactly = (at: BlobRef): StoredBlob => {
    const blob = blobs.get(at.key.id)?.get(at.key.name);
    if (!blob) throw new ArchiverError("NOT_FOUND", `Blob "${at.key.name}" is gone.`);
    if (blob.ref.generation === at.generation && blob.ref.size === at.size) return blob;
    throw conflict(`Blob "${at.key.name}"`);
  };
  const swap = (id: string, expected: string | null): Meta | undefined => {
    const object = objects.get(id);
    if ((object?.version ?? null) !== expected) throw conflict(`Object "${id}"`);
    return object?.meta;
  };
  const absent = (isThere: boolean, key: string): void => {
    if (isThere) throw conflict(`"${key}"`);
  };
  const hasBlob = ({ id, name }: BlobKey): boolean => blobs.get(id)?.has(name) === true;

  const ownMeta: OwnMeta = {
    get: async () => owns.get(OWN),
    async put(meta, expected) {
      if ((owns.get(OWN)?.version ?? null) !== expected) throw conflict("The store's own metadata");
      const version = newVersion();
      set(owns, OWN, { version, meta: Object.freeze({ ...meta }) });
      return version;
    },
  };
  const ports: Ports = {
    objects: {
      get: async (id) => objects.get(id),
      async put(id, meta, expected) {
        const before = swap(id, expected);
        const object = { id, version: newVersion(), meta: Object.freeze({ ...meta }) };
        const undo = onPut(before, object.meta);
        if (undo) unsynced.push(undo);
        set(objects, id, object);
        return object.version;
      },
      async delete(id, expected) {
        swap(id, expected);
        set(objects, id, undefined);
      },
      async *list(query) {
        for (const object of [...objects.values()]) {
          const current = objects.get(object.id);
          if (current && matchesQuery(current.id, current.meta, query)) yield current;
        }
      },
      ...(options.keepsOwn && { ownMeta }),
      archiveBytes: async () => [...objects.values()].reduce((sum, { meta }) => sum + sweepIndex(meta).archiveBytes, 0),
    },
    blobs: {
      stat: async ({ id, name }) => blobs.get(id)?.get(name)?.ref,
      async *list(id) {
        for (const name of [...(blobs.get(id)?.keys() ?? [])]) {
          const blob = blobs.get(id)?.get(name);
          if (blob) yield blob.ref;
        }
      },
      async *read(at, { start, end = at.size } = { start: 0 }) {
        if (blobAt(at).ref.size < at.size) throw conflict(`Blob "${at.key.name}"`);
        const stop = Math.min(end, at.size);
        for (let from = start; from < stop; from += READ_BYTES) {
          yield blobAt(at).bytes.slice(from, Math.min(stop, from + READ_BYTES));
        }
      },
      async create(key, generation, body) {
        absent(hasBlob(key), key.name);
        const bytes = await toBytes(body);
        absent(hasBlob(key), key.name);
        const ref: BlobRef = { key: { ...key }, generation, size: bytes.length };
        set(sessionBlobs(key.id), key.name, { ref, bytes: bytes.slice() });
        return ref;
      },
      async append(at, chunk) {
        const bytes = concat([exactly(at).bytes, chunk.slice()]);
        const ref: BlobRef = { ...at, size: bytes.length };
        set(sessionBlobs(at.key.id), at.key.name, { ref, bytes });
        return ref;
      },
      async delete(at) {
        exactly(at);
        set(sessionBlobs(at.key.id), at.key.name, undefined);
      },
    },
    archives: {
      async put(key, body) {
        absent(archives.has(key), key);
        const bytes = await toBytes(body);
        absent(archives.has(key), key);
        const info: ArchiveInfo = { key, size: bytes.length, createdAt: now() };
        set(archives, key, { info, bytes: bytes.slice() });
        return info;
      },
      stat: async (key) => archives.get(key)?.info,
      async *read(key, { start, end = Number.POSITIVE_INFINITY } = { start: 0 }) {
        const archive = archives.get(key);
        if (!archive) throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
        yield archive.bytes.slice(start, Math.min(end, archive.bytes.length));
      },
      delete: async (key) => set(archives, key, undefined),
      async *list(prefix = "") {
        // In the order of keys, as most sinks have it: others may come before those that were there first.
        for (const key of [...archives.keys()].sort()) {
          const info = key.startsWith(prefix) ? archives.get(key)?.info : undefined;
          if (info) yield info;
        }
      },
    },
  };
  return {
    ports,
    objects,
    blobs,
    archives,
    own: () => owns.get(OWN),
    sync() {
      unsynced = [];
    },
    powerCut(random) {
      const kept = below(random, unsynced.length + 1);
      for (const undo of unsynced.splice(kept).reverse()) undo();
      unsynced = [];
      onEffect();
    },
  };
}

function conflict(what: string): ArchiverError {
  return new ArchiverError("CONFLICT", `${what} is not what it was.`);
}
