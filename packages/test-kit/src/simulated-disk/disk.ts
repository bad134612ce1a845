/**
 * Storage on one disk with an ordered journal. All processes see a write as soon as it is done. A sync makes it durable,
 * together with all earlier writes. A power cut undoes some of the last writes that were not synced.
 */
import type { Ports, StoredObject } from "@session-archiver/core";
import { archivesOn, type StoredArchive } from "./archives.js";
import { blobsOn, type StoredBlob } from "./blobs.js";
import { createJournal, type Journal } from "./journal.js";
import { type OnPut, OWN, objectsOn, ownMetaOn, type StoredOwn } from "./objects.js";

export interface Disk extends Pick<Journal, "sync" | "powerCut"> {
  readonly ports: Ports;
  /** Everything that is stored now; blobs by session and name. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly blobs: ReadonlyMap<string, ReadonlyMap<string, StoredBlob>>;
  readonly archives: ReadonlyMap<string, StoredArchive>;
  /** The store's own metadata, if it keeps any. */
  own(): StoredOwn | undefined;
}

export interface DiskOptions {
  readonly now: () => number;
  /** After every write. */
  readonly onEffect?: () => void;
  readonly onPut?: OnPut;
  /** Whether the store keeps metadata of its own. Default `false`. */
  readonly keepsOwn?: boolean;
  /** The disk's content at first. Default: empty. */
  readonly content?: Content;
  /** Gives a version that no disk has given out yet. Default: numbers of this disk. */
  readonly newVersion?: () => string;
}

/** A copy of everything on a disk except archives. */
export interface Content {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly blobs: ReadonlyMap<string, ReadonlyMap<string, StoredBlob>>;
  readonly own: StoredOwn | undefined;
}

export function simulatedDisk(options: DiskOptions): Disk {
  const { now, onEffect = () => {}, onPut = () => undefined, content, keepsOwn } = options;
  let versions = 0;
  const { newVersion = () => String(++versions) } = options;
  const objects = new Map(content?.objects);
  const blobs = new Map([...(content?.blobs ?? [])].map(([id, files]) => [id, new Map(files)]));
  const archives = new Map<string, StoredArchive>();
  const owns = new Map(content?.own ? [[OWN, content.own]] : []);
  const journal = createJournal(onEffect);
  const ownMeta = ownMetaOn(owns, journal, newVersion);
  return {
    ports: {
      objects: { ...objectsOn(objects, journal, newVersion, onPut), ...(keepsOwn && { ownMeta }) },
      blobs: blobsOn(blobs, journal),
      archives: archivesOn(archives, journal, now),
    },
    objects,
    blobs,
    archives,
    own: () => owns.get(OWN),
    sync: journal.sync,
    powerCut: journal.powerCut,
  };
}
