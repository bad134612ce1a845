/** An archive of files by their paths, on a store in memory: what is taken in is judged by content. */
import { crc32 } from "node:zlib";
import {
  type Archiver,
  bytesOf,
  createArchiver,
  type ImportSource,
  memoryPorts,
  toBytes,
} from "@session-archiver/core";

export interface ForeignArchive {
  /** Takes in what a file holds. */
  take(path: string, bytes: Uint8Array): Promise<void>;
  /** Keeps another content of the file, beside what is in its place. */
  keep(path: string, bytes: Uint8Array, there: Uint8Array): Promise<void>;
  /** Kept versions, then the present one. */
  versions(path: string): Promise<readonly Uint8Array[]>;
}

const NEW_LINE = 10;

export function extentOf(bytes: Uint8Array): { readonly size: number; readonly crc32: number } {
  return { size: bytes.length, crc32: crc32(bytes) };
}

export function createForeignArchive(): ForeignArchive {
  const archiver = createArchiver(memoryPorts());
  const ids = new Map<string, string>();
  const idOf = (path: string): string => {
    const id = ids.get(path) ?? `agent:${ids.size}`;
    ids.set(path, id);
    return id;
  };
  const takeIn = async (path: string, bytes: Uint8Array): Promise<void> => {
    await archiver.import(idOf(path), sourceOf(bytes));
    await archiver.archive(idOf(path));
    await archiver.verify(idOf(path));
  };
  return {
    async take(path, bytes) {
      const present = ids.has(path) ? (await versionsOf(archiver, idOf(path))).at(-1) : undefined;
      await takeIn(path, present ? joined(Buffer.from(present), Buffer.from(bytes)) : bytes);
    },
    async keep(path, bytes, there) {
      await takeIn(path, bytes);
      await takeIn(path, there);
    },
    versions: async (path) => (ids.has(path) ? versionsOf(archiver, idOf(path)) : []),
  };
}

function sourceOf(bytes: Uint8Array): ImportSource {
  return { size: bytes.length, read: ({ start, end }) => bytesOf(bytes.subarray(start, end)) };
}

async function versionsOf(archiver: Archiver, id: string): Promise<readonly Uint8Array[]> {
  const { versions } = await archiver.info(id);
  const all: Uint8Array[] = [];
  for (const { version } of versions) all.push(await toBytes(archiver.read(id, { version })));
  return [...all, await toBytes(archiver.read(id))];
}

/** A file with another first line lacks its beginning: it continues what is archived, from where both have the same lines. */
function joined(present: Buffer, bytes: Buffer): Uint8Array {
  const head = firstLine(bytes);
  if (head.equals(firstLine(present)) || present.subarray(0, bytes.length).equals(bytes)) return bytes;
  const at = present.indexOf(head);
  if (at === -1) return Buffer.concat([present, bytes]);
  return bytes.length > present.length - at ? Buffer.concat([present.subarray(0, at), bytes]) : present;
}

function firstLine(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.indexOf(NEW_LINE) + 1);
}
