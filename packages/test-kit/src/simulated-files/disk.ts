/**
 * Files in memory that behave as on Linux: names and inodes are apart, a file lives on without a name while a process has it open,
 * a rename replaces what is there, and every change sets the ctime. Several changes within one tick of the clock look alike.
 */

import type { Random } from "../random.js";
import type { Files } from "./file-types.js";
import { type FilesProcess, filesOn } from "./files.js";
import { createInode, type Inode } from "./inode.js";
import { type NamesObserver, namesOn } from "./names.js";
import type { DiskParts } from "./parts.js";
import { type WriterFiles, writerFilesOn } from "./writer-files.js";

export interface FilesDiskOptions {
  /** Unix ms. */
  now(): number;
  /** How long the disk's clock stands still, in ms: changes within it have the same times. Default 4. */
  readonly grainMs?: number | undefined;
  readonly observer?: NamesObserver | undefined;
}

export interface FilesDisk {
  /** What our processes use. `step` is awaited before each call, and before each chunk. */
  files(process: FilesProcess): Files;
  /** What the programs that write do, each call at once. Their changes of names are durable at once. */
  writerFiles(process: number): WriterFiles;
  /** Closes what the process had open. */
  kill(process: number): void;
  powerCut(random: Random): void;
  /** What has this identity and a name, or is open. */
  inode(identity: string): Inode | undefined;
  find(path: string): Inode | undefined;
  /** All that have a name, with one of their paths, in order. */
  named(): readonly (readonly [path: string, inode: Inode])[];
  /** Those that have no name, but are open. */
  nameless(): readonly Inode[];
}

export function simulatedFiles({ now, grainMs = 4, observer = {} }: FilesDiskOptions): FilesDisk {
  let numbers = 1;
  const time = (): number => now() - (now() % grainMs);
  const inodes = new Map<number, Inode>();
  const root = createInode(numbers, "folder", 0o755, time());
  const names = namesOn(root, {
    ...observer,
    nameless(inode) {
      observer.nameless?.(inode);
      forget(inode);
    },
  });
  const forget = (inode: Inode): void => {
    // A power cut may give it back its name until then: it is looked for by names too.
    if (inode.names === 0 && inode.openBy.length === 0) inodes.delete(inode.number);
  };
  const parts: DiskParts = {
    names,
    time,
    create(kind, mode) {
      const inode = createInode(++numbers, kind, mode, time());
      inodes.set(inode.number, inode);
      return inode;
    },
    forget,
  };
  const killed = (process: number): void => {
    for (const inode of [...inodes.values()]) {
      const { openBy } = inode;
      for (let i = openBy.length - 1; i >= 0; i--) if (openBy[i] === process) openBy.splice(i, 1);
      forget(inode);
    }
  };
  return {
    files: (process) => filesOn(parts, process),
    writerFiles: (process) => writerFilesOn(parts, process),
    kill: killed,
    powerCut(random) {
      for (const inode of inodes.values()) inode.openBy.length = 0;
      names.powerCut(random);
      inodes.clear();
      for (const [, inode] of namedBelow("", root)) inodes.set(inode.number, inode);
    },
    inode: (identity) => inodes.get(Number(identity.slice("1:".length))),
    find: names.find,
    named: () => namedBelow("", root),
    nameless: () => [...inodes.values()].filter((inode) => inode.names === 0 && inode.openBy.length > 0),
  };
}

function namedBelow(path: string, folder: Inode): (readonly [string, Inode])[] {
  const found: (readonly [string, Inode])[] = [];
  for (const name of [...folder.entries.keys()].sort()) {
    const inode = folder.entries.get(name);
    if (!inode) continue;
    found.push([`${path}/${name}`, inode]);
    if (inode.kind === "folder") found.push(...namedBelow(`${path}/${name}`, inode));
  }
  return found;
}
