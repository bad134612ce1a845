/** A store in IndexedDB, or in memory, and the archiver on it. */
import { type Durability, deleteIndexedDb, openIndexedDb } from "@session-archiver/adapter-indexeddb";
import {
  type Archiver,
  createArchiver,
  fflateCodec,
  memoryPorts,
  nativeCodec,
  type Ports,
} from "@session-archiver/core";

export interface StoreOptions {
  readonly codec: "fflate" | "native";
  /** In memory by default. */
  readonly durability?: Durability;
}

export interface Opened {
  readonly ports: Ports;
  readonly archiver: Archiver;
}

const opened = new Map<string, Opened>();

export function storeNamed(name: string): Opened {
  const store = opened.get(name);
  if (!store) throw new Error(`No store "${name}" is open.`);
  return store;
}

export const openCommands = {
  async open(name: string, { codec, durability }: StoreOptions): Promise<void> {
    const ports = durability ? await openIndexedDb(name, { durability }) : memoryPorts();
    const archiver = createArchiver({ ...ports, codec: codec === "native" ? nativeCodec() : fflateCodec() });
    opened.set(name, { ports, archiver });
  },
  async drop(name: string): Promise<void> {
    opened.delete(name);
    await deleteIndexedDb(name);
  },
};
