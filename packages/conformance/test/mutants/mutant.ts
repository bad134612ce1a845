/** An adapter with one planted defect, and the cases that must find it. */
import type { ArchiveSink, BlobStore, ByteRange, Bytes, ObjectStore, OpOptions } from "@session-archiver/core";
import type { Feature, Subject } from "../../src/index.js";
import { type DamageablePorts, damageableMemory, sharing } from "../subjects.js";

export interface Mutant {
  readonly defect: string;
  /** Names of cases, each of which fails. */
  readonly caughtBy: readonly string[];
  /** Default: all that a store can offer. */
  readonly offers?: readonly Feature[];
  make(): Subject;
}

/** Lets other calls run, as a round trip to a server does. */
export function roundTrip(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Methods of the port to replace; the rest is correct. */
type Change<Port> = (base: Port) => Partial<Port>;

export function inObjects(defect: string, caughtBy: readonly string[], change: Change<ObjectStore>): Mutant {
  return {
    defect: `objects: ${defect}`,
    caughtBy,
    make() {
      const ports = damageableMemory();
      return sharing({ ...ports, objects: { ...ports.objects, ...change(ports.objects) } });
    },
  };
}

export function inBlobs(defect: string, caughtBy: readonly string[], change: Change<BlobStore>): Mutant {
  return {
    defect: `blobs: ${defect}`,
    caughtBy,
    make() {
      const ports = damageableMemory();
      return sharing({ ...ports, blobs: { ...ports.blobs, ...change(ports.blobs) } });
    },
  };
}

export function inArchives(defect: string, caughtBy: readonly string[], change: Change<ArchiveSink>): Mutant {
  return {
    defect: `archives: ${defect}`,
    caughtBy,
    make() {
      const ports = damageableMemory();
      return sharing({ ...ports, archives: { ...ports.archives, ...change(ports.archives) } });
    },
  };
}

/** What a write of either port works on. */
interface Target<T> {
  /** The correct implementation. */
  write(body: Bytes, op?: OpOptions): Promise<T>;
  size(): Promise<number | undefined>;
  remove(): Promise<void>;
}

type WrongWrite = <T>(target: Target<T>, body: Bytes, op?: OpOptions) => Promise<T>;

/** A defect of blobs.create and one of archives.put. `caughtBy` names the cases without the method; `also` names more for one. */
export function inWrites(
  defect: string,
  caughtBy: readonly string[],
  make: () => WrongWrite,
  also: { readonly blobs?: readonly string[]; readonly archives?: readonly string[] } = {},
): readonly Mutant[] {
  const named = (method: string): string[] => caughtBy.map((name) => name.replace(/^write:/, `${method}:`));
  return [
    inBlobs(`create ${defect}`, [...named("blobs.create"), ...(also.blobs ?? [])], (base) => {
      const write = make();
      return {
        create: (key, generation, body, op) =>
          write(
            {
              write: (right, rightOp) => base.create(key, generation, right, rightOp),
              size: async () => (await base.stat(key))?.size,
              async remove() {
                const ref = await base.stat(key);
                if (ref) await base.delete(ref);
              },
            },
            body,
            op,
          ),
      };
    }),
    inArchives(`put ${defect}`, [...named("archives.put"), ...(also.archives ?? [])], (base) => {
      const write = make();
      return {
        put: (key, body, op) =>
          write(
            {
              write: (right, rightOp) => base.put(key, right, rightOp),
              size: async () => (await base.stat(key))?.size,
              remove: () => base.delete(key),
            },
            body,
            op,
          ),
      };
    }),
  ];
}

/** What a read of either port works on: the correct implementation, and the size of the entry if there is one. */
interface Source {
  read(range?: ByteRange, op?: OpOptions): Bytes;
  size(): Promise<number | undefined>;
}

type WrongRead = (source: Source, range?: ByteRange, op?: OpOptions) => Bytes;

/** A defect of blobs.read and one of archives.read: `caughtBy` names the cases without the port. */
export function inReads(defect: string, caughtBy: readonly string[], make: () => WrongRead): readonly Mutant[] {
  const named = (port: string): string[] =>
    caughtBy.map((name) => name.replace(/^read:/, `${port}.read:`).replace(/^port:/, `${port}:`));
  return [
    inBlobs(`read ${defect}`, named("blobs"), (base) => {
      const read = make();
      return {
        read(at, range, op) {
          const size = async (): Promise<number | undefined> => ((await base.stat(at.key)) ? at.size : undefined);
          return read({ read: (right, rightOp) => base.read(at, right, rightOp), size }, range, op);
        },
      };
    }),
    inArchives(`read ${defect}`, named("archives"), (base) => {
      const read = make();
      return {
        read(key, range, op) {
          const size = async (): Promise<number | undefined> => (await base.stat(key))?.size;
          return read({ read: (right, rightOp) => base.read(key, right, rightOp), size }, range, op);
        },
      };
    }),
  ];
}

/** A defect of several ports. */
export function inPorts(
  defect: string,
  caughtBy: readonly string[],
  make: (ports: DamageablePorts) => Subject,
): Mutant {
  return {
    defect,
    caughtBy,
    make() {
      const ports = damageableMemory();
      return { damage: ports.damage, ...make(ports) };
    },
  };
}
