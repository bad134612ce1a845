/** One store, and the archiver on it. */

import {
  deleteIndexedDb,
  type IndexedDbOptions,
  type IndexedDbStore,
  openIndexedDb,
  type StorageStatus,
  storageStatus,
} from "@session-archiver/adapter-indexeddb";
import {
  type Archiver,
  bytesOf,
  createArchiver,
  fflateCodec,
  nativeCodec,
  type Recorder,
  type SessionInfo,
  toBytes,
} from "@session-archiver/core";
import { lineCounter } from "@session-archiver/core/format";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { fillDatabase } from "./fill-database.js";
import { type Contents, contentsOf, locksReleased } from "./leftovers.js";
import { inChunks, NO_BYTES, noise, plus, type Sum, sumOf } from "./sessions.js";

interface Opened {
  readonly store: IndexedDbStore;
  readonly archiver: Archiver;
  readonly recorders: Map<string, Recorder>;
}

let opened: Opened | undefined;

export function current(): Opened {
  if (!opened) throw new Error("No store is open.");
  return opened;
}

/** Adds a session as a host that imports a file would: its blob, then its object. */
async function addSession(id: string, body: AsyncIterable<Uint8Array>): Promise<Sum> {
  const { objects, blobs } = current().store;
  let sum = NO_BYTES;
  const lines = lineCounter();
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      sum = plus(sum, chunk);
      lines.add(chunk);
      yield chunk;
    }
  };
  await blobs.create({ id, name: "output" }, `live-${crypto.randomUUID()}`, counted());
  const meta = { view: "agent", "session:last_activity_ms": 1, "session:line_count": lines.lines };
  await objects.put(id, meta, null);
  return sum;
}

export const storeCommands = {
  async open(name: string, options: IndexedDbOptions & { readonly codec?: "fflate" | "native" } = {}): Promise<void> {
    const { codec, ...rest } = options;
    const store = await openIndexedDb(name, rest);
    const archiver = createArchiver({ ...store, codec: codec === "fflate" ? fflateCodec() : nativeCodec() });
    opened = { store, archiver, recorders: new Map() };
  },
  close: async (): Promise<void> => current().store.close(),
  delete: async (name: string): Promise<void> => deleteIndexedDb(name),
  status: async (): Promise<StorageStatus> => storageStatus(),

  addText: async (id: string, text: string): Promise<Sum> => addSession(id, bytesOf(new TextEncoder().encode(text))),
  async addFile(id: string, file: string): Promise<Sum> {
    const { body } = await fetch(`/files/${encodeURIComponent(file)}`);
    return addSession(id, body ?? bytesOf());
  },
  /** Sessions with the names of the files they come from. */
  async addFiles(files: readonly string[]): Promise<void> {
    for (const file of files) await storeCommands.addFile(file, file);
  },
  /** Those of the sessions that are not byte for byte the files of the same names. */
  async differing(ids: readonly string[]): Promise<string[]> {
    const differing: string[] = [];
    for (const id of ids) {
      const file = new Uint8Array(await (await fetch(`/files/${encodeURIComponent(id)}`)).arrayBuffer());
      const bytes = await toBytes(current().archiver.read(id));
      if (bytes.length !== file.length || bytes.some((byte, i) => byte !== file[i])) differing.push(id);
    }
    return differing;
  },
  /** A generated session, of these bytes and a little. */
  async addGenerated(id: string, bytes: number, seed = 1): Promise<Sum> {
    return addSession(id, inChunks(generateSession({ seed, bytes })));
  },
  /** Text that hardly compresses, in lines. */
  addNoise: async (id: string, bytes: number): Promise<Sum> => addSession(id, noise(bytes)),
  /** Fills the origin's quota with another database. */
  fillRest: async (name: string): Promise<void> => fillDatabase(name),

  archive: async (id: string) => current().archiver.archive(id),
  restore: async (id: string) => current().archiver.restore(id),
  async restoreAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await current().archiver.restore(id);
  },
  states: async (ids: readonly string[]): Promise<string[]> =>
    Promise.all(ids.map(async (id) => (await current().archiver.info(id)).state)),
  settle: async (id: string) => current().archiver.settle(id),
  verify: async (id: string) => current().archiver.verify(id),
  verifyAll: async () => current().archiver.verifyAll(),
  sweep: async () => current().archiver.sweep(),
  collect: async () => current().archiver.gc({ graceDays: 0 }),
  /** Prunes these and gives up their bytes at once. */
  async dropArchives(ids: readonly string[]): Promise<void> {
    const { archiver } = current();
    for (const id of ids) await archiver.pruneSession(id);
    await archiver.prune({ maxTotalBytes: Number.MAX_SAFE_INTEGER, graceDays: 0 });
  },
  contents: async (database: string): Promise<Contents> => contentsOf(database),
  locksReleased: async (database: string): Promise<void> => locksReleased(database),
  info: async (id: string): Promise<SessionInfo> => current().archiver.info(id),
  async ids(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of current().store.objects.list()) ids.push(id);
    return ids.sort();
  },
  async append(id: string, text: string): Promise<void> {
    const { archiver, recorders } = current();
    const recorder = recorders.get(id) ?? archiver.recorder(id, { create: {} });
    recorders.set(id, recorder);
    await recorder.append(text);
  },
  text: async (id: string): Promise<string> => new TextDecoder().decode(await toBytes(current().archiver.read(id))),
  tail: async (id: string, lines: number): Promise<string> =>
    new TextDecoder().decode(await toBytes(current().archiver.tail(id, lines))),
  sum: async (id: string): Promise<Sum> => sumOf(current().archiver.read(id)),
  /** Gives the test all archive objects as they are; resolves to their keys. */
  async uploadArchives(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of current().store.archives.list()) {
      keys.push(key);
      await put(key, await toBytes(current().store.archives.read(key)));
    }
    return keys;
  },
  /** Takes archive objects and a session's metadata as they are. */
  async takeArchives(id: string, meta: Parameters<IndexedDbStore["objects"]["put"]>[1], keys: readonly string[]) {
    for (const key of keys) {
      const { body } = await fetch(`/files/${encodeURIComponent(key)}`);
      await current().store.archives.put(key, body ?? bytesOf());
    }
    await current().store.objects.put(id, meta, null);
  },
};

async function put(name: string, bytes: Uint8Array): Promise<void> {
  const { ok } = await fetch(`/uploads/${encodeURIComponent(name)}`, {
    method: "PUT",
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  if (!ok) throw new Error(`The test did not take ${name}.`);
}
