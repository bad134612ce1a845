/**
 * The names on a simulated disk: folders and what they hold. Changes of names that no sync has made durable may be undone by a
 * power cut. Within one folder the later ones are undone first; folders are independent of each other.
 */
import { ArchiverError } from "@session-archiver/core";
import type { Random } from "../random.js";
import type { Inode } from "./inode.js";

export interface Spot {
  readonly folder: Inode;
  readonly name: string;
}

/** Hears of changes of names as they happen. */
export interface NamesObserver {
  /** The inode has just lost its last name. */
  nameless?(inode: Inode): void;
  /** A rename has taken this name from the inode. */
  replaced?(inode: Inode): void;
}

interface Change {
  readonly folders: readonly Inode[];
  undo(): void;
}

export interface Names {
  find(path: string): Inode | undefined;
  /** Where a name is or would be. `UNAVAILABLE` if its folder isn't there. */
  spot(path: string): Spot;
  /** Adds a name that is not there. */
  add(spot: Spot, inode: Inode): void;
  remove(spot: Spot): void;
  /** Replaces what is at `to`, as on Linux. */
  move(from: Spot, to: Spot): void;
  /** Makes all changes so far of this folder durable, and those that they depend on. */
  sync(folder: Inode): void;
  /** Undoes changes that are not durable: none, some or all of them. */
  powerCut(random: Random): void;
}

export function namesOn(root: Inode, observer: NamesObserver): Names {
  let unsynced: Change[] = [];

  const find = (path: string): Inode | undefined => {
    let at: Inode | undefined = root;
    for (const part of path.split("/")) if (part !== "") at = at?.entries.get(part);
    return at;
  };
  const spot = (path: string): Spot => {
    const slash = path.lastIndexOf("/");
    const folder = find(path.slice(0, slash));
    if (folder?.kind !== "folder") throw new ArchiverError("UNAVAILABLE", `There is no folder for "${path}".`);
    return { folder, name: path.slice(slash + 1) };
  };
  const set = ({ folder, name }: Spot, inode: Inode | undefined): void => {
    const before = folder.entries.get(name);
    if (before) before.names--;
    if (inode) {
      folder.entries.set(name, inode);
      inode.names++;
    } else folder.entries.delete(name);
  };
  const change = (spots: readonly Spot[], effect: () => void): void => {
    const before = spots.map((each) => each.folder.entries.get(each.name));
    effect();
    const undo = (): void => {
      for (const [i, each] of spots.entries()) set(each, before[i]);
    };
    unsynced.push({ folders: spots.map(({ folder }) => folder), undo });
  };
  return {
    find,
    spot,
    add: (at, inode) => change([at], () => set(at, inode)),
    remove(at) {
      const inode = at.folder.entries.get(at.name);
      change([at], () => set(at, undefined));
      if (inode?.names === 0) observer.nameless?.(inode);
    },
    move(from, to) {
      const inode = from.folder.entries.get(from.name);
      const over = to.folder.entries.get(to.name);
      if (!inode || inode === over) return;
      change([from, to], () => {
        set(to, inode);
        set(from, undefined);
      });
      if (!over) return;
      observer.replaced?.(over);
      if (over.names === 0) observer.nameless?.(over);
    },
    sync(folder) {
      const durable = new Set([folder]);
      const kept: Change[] = [];
      // From the last to the first: what a durable change stands on is durable too.
      for (const each of unsynced.toReversed()) {
        if (each.folders.some((one) => durable.has(one))) for (const one of each.folders) durable.add(one);
        else kept.push(each);
      }
      unsynced = kept.reverse();
    },
    powerCut(random) {
      const lost = new Set<Inode>();
      const undone: Change[] = [];
      for (const each of unsynced) {
        if (!each.folders.some((one) => lost.has(one)) && random() < 0.6) continue;
        for (const one of each.folders) lost.add(one);
        undone.push(each);
      }
      for (const each of undone.reverse()) each.undo();
      unsynced = [];
    },
  };
}
