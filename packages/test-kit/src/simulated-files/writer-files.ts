/** What other programs do to their files on a simulated disk. */
import { ArchiverError } from "@session-archiver/core";
import { closeFor, type Inode, setBytes, writeAt } from "./inode.js";
import type { DiskParts } from "./parts.js";

export interface WriterFile {
  readonly inode: Inode;
  append(bytes: Uint8Array): void;
  /** Truncates the file and writes these bytes, as one step. */
  rewrite(bytes: Uint8Array, keepsTime: boolean): void;
  close(): void;
}

export interface WriterFiles {
  /** Opens a file to write; makes it, with its folders, if `creates`. */
  open(path: string, creates: boolean): WriterFile | undefined;
  read(path: string): Uint8Array | undefined;
  /** Replaces what is at `to`. */
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  /** A symbolic link at `to` that leads to `target`. It is followed only when it is read. */
  symlink(target: string, to: string): void;
  unlink(path: string): void;
}

export function writerFilesOn({ names, time, create, forget }: DiskParts, process: number): WriterFiles {
  const add = (path: string, inode: Inode): Inode => {
    const spot = names.spot(path);
    names.add(spot, inode);
    names.sync(spot.folder);
    return inode;
  };
  const makeParents = (path: string): void => {
    for (let slash = path.indexOf("/", 1); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      if (!names.find(folder)) add(folder, create("folder", 0o755));
    }
  };
  const found = (path: string): Inode => {
    const inode = names.find(path);
    if (!inode) throw new ArchiverError("UNAVAILABLE", `There is no "${path}".`);
    return inode;
  };
  return {
    open(path, creates) {
      if (creates) makeParents(path);
      const there = names.find(path);
      if (!there && !creates) return undefined;
      const inode = there ?? add(path, create("file", 0o600));
      // What a program writes is durable at once, and so must be the name under which it does.
      names.sync(names.spot(path).folder);
      inode.openBy.push(process);
      return {
        inode,
        append: (bytes) => writeAt(inode, inode.bytes.length, bytes, time()),
        rewrite(bytes, keepsTime) {
          const { mtimeMs } = inode;
          setBytes(inode, bytes, time());
          if (keepsTime) inode.mtimeMs = mtimeMs;
        },
        close() {
          closeFor(inode, process);
          forget(inode);
        },
      };
    },
    read(path) {
      const inode = names.find(path);
      return (inode?.kind === "link" ? found(new TextDecoder().decode(inode.bytes)) : inode)?.bytes.slice();
    },
    rename(from, to) {
      const [source, target] = [names.spot(from), names.spot(to)];
      const inode = found(from);
      names.move(source, target);
      inode.ctimeMs = time();
      for (const { folder } of [source, target]) names.sync(folder);
    },
    link(from, to) {
      const inode = found(from);
      makeParents(to);
      add(to, inode).ctimeMs = time();
    },
    symlink(target, to) {
      makeParents(to);
      add(to, create("link", 0o777)).bytes = new TextEncoder().encode(target);
    },
    unlink(path) {
      const spot = names.spot(path);
      found(path).ctimeMs = time();
      names.remove(spot);
      names.sync(spot.folder);
    },
  };
}
