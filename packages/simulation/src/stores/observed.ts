/** A catalogue's ports and its sink's. Through them the law sees which bytes are deleted, given up and taken back. */

import type { Meta, ObjectStore, OwnMeta, Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import type { Disk } from "@session-archiver/test-kit/simulated-disk";
import { archivedText, filesOf, pathsOf } from "../oracle.js";
import type { Catalogue } from "./catalogue.js";
import type { StoresWorld } from "./world.js";

/** The process's present work: a remove gives up its session's bytes, a purge began at some time. */
export interface Operation {
  beganAt: number;
  /** The session that is being removed. */
  removing: string | undefined;
}

export function observedPorts(world: StoresWorld, catalogue: Catalogue, operation: Operation): Ports {
  const { law } = world;
  const { disk } = catalogue;
  const sink = world.sinks[catalogue.sink] ?? disk;
  /** Gives up everything that a session under removal holds at this moment. */
  const seeRemoves = (): void => {
    law.tick();
    for (const { id, meta } of disk.objects.values()) {
      if (operation.removing === id || isRemoving(meta)) giveUpSession(world, catalogue, id);
    }
  };
  const seePut = (id: string, before: Meta | undefined, after: Meta): void => {
    const tombstone = before && setAt(before, KEY.prunedAt);
    if (!before || tombstone === undefined) return;
    if (setAt(after, KEY.purgedAt) !== undefined && setAt(before, KEY.purgedAt) === undefined) {
      catalogue.history.purge(id, archivedIn(sink.archives, before), catalogue.liveText(id));
      // The catalogue may have another sink now. Its session's archives are given up in the sink where they are.
      for (const [i, { archives }] of world.sinks.entries()) {
        if (law.stands(`${id} ${tombstone}`, i, operation.beganAt)) law.giveUp(archivedIn(archives, before));
      }
    } else if (setAt(after, KEY.prunedAt) !== tombstone) {
      law.takeBack(`${id} ${tombstone}`, catalogue.sink);
    }
  };
  const { objects, blobs } = disk.ports;
  return {
    objects: {
      ...objects,
      async put(id, meta, expected, op) {
        seeRemoves();
        const before = disk.objects.get(id)?.meta;
        const version = await objects.put(id, meta, expected, op);
        seePut(id, before, meta);
        catalogue.note();
        return version;
      },
      async delete(id, expected, op) {
        seeRemoves();
        await objects.delete(id, expected, op);
        catalogue.history.remove(id);
        // Lines under this id belong to another session from now on.
        if (operation.removing === id) operation.removing = undefined;
        catalogue.note();
      },
      ...ownOf(objects.ownMeta, catalogue),
    },
    blobs: {
      ...blobs,
      create: (key, generation, body, op) => noted(catalogue, blobs.create(key, generation, body, op)),
      append: (at, chunk, op) => noted(catalogue, blobs.append(at, chunk, op)),
      async delete(at, op) {
        seeRemoves();
        const blob = disk.blobs.get(at.key.id)?.get(at.key.name);
        await noted(catalogue, blobs.delete(at, op));
        if (blob) law.deleted(String.fromCharCode(...blob.bytes), `A delete of a live blob of ${at.key.id}`);
      },
    },
    archives: {
      ...sink.ports.archives,
      async delete(key, op) {
        seeRemoves();
        const text = key.endsWith(".gz") && sink.archives.has(key) ? archivedText(sink.archives, key) : "";
        await sink.ports.archives.delete(key, op);
        law.deleted(text, `A delete of the archive "${key}"`);
      },
    },
  };
}

async function noted<T>(catalogue: Catalogue, write: Promise<T>): Promise<T> {
  const result = await write;
  catalogue.note();
  return result;
}

function ownOf(own: OwnMeta | undefined, catalogue: Catalogue): Pick<ObjectStore, "ownMeta"> {
  if (!own) return {};
  return { ownMeta: { ...own, put: (meta, expected, op) => noted(catalogue, own.put(meta, expected, op)) } };
}

/** A remove gives up everything that its session holds from the start of the remove. */
export function giveUpSession({ law, sinks }: StoresWorld, catalogue: Catalogue, id: string): void {
  const meta = catalogue.disk.objects.get(id)?.meta;
  if (!meta) return;
  for (const { archives } of sinks) law.giveUp(archivedIn(archives, meta));
  law.giveUp(catalogue.liveText(id));
}

/** The text of the archives that the metadata names, as far as they are in this sink. */
function archivedIn(archives: Disk["archives"], meta: Meta): string {
  const there = filesOf(meta)
    .flatMap(pathsOf)
    .filter((path) => archives.has(path));
  return there.map((path) => archivedText(archives, path)).join("");
}

/** The removal is committed, so the session counts as gone. */
export function isRemoving(meta: Meta): boolean {
  return setAt(meta, KEY.removingAt) !== undefined;
}

function setAt(meta: Meta, key: string): number | undefined {
  const value = Number(meta[key] ?? 0);
  return value > 0 ? value : undefined;
}
