/** Disks for the conformance suite: real files, and the simulated disk. */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { ForeignOpenFile, ForeignWriter } from "@session-archiver/conformance";
import { simulatedFiles, type WriterFiles } from "@session-archiver/test-kit/simulated-files";
import { nodeFiles } from "../../src/index.js";
import type { ForeignDisk } from "./foreign-files.js";

const PROGRAM = 2;

export function simulatedForeignDisk(): ForeignDisk {
  const root = "/home/dev/.agent/sessions";
  let now = Date.UTC(2026, 0, 31);
  const disk = simulatedFiles({ now: () => now++ });
  const writer = disk.writerFiles(PROGRAM);
  return {
    root,
    files: disk.files({ id: 1, step: async () => {} }),
    writer: writerOn(root, writer),
    isOpen: ({ identity }) => disk.inode(identity)?.openBy.includes(PROGRAM) === true,
  };
}

function writerOn(root: string, files: WriterFiles): ForeignWriter {
  const full = (path: string): string => `${root}/${path}`;
  return {
    read: async (path) => files.read(full(path)),
    async open(path, creates): Promise<ForeignOpenFile | undefined> {
      const file = files.open(full(path), creates);
      return (
        file && {
          append: async (bytes) => file.append(bytes),
          rewrite: async (bytes, keepsTime) => file.rewrite(bytes, keepsTime),
          close: async () => file.close(),
        }
      );
    },
    rename: async (from, to) => files.rename(full(from), full(to)),
    link: async (from, to) => files.link(full(from), full(to)),
    symlink: async (target, path) => files.symlink(full(target), full(path)),
  };
}

/** A folder of its own on a real disk, which must exist. */
export function realForeignDisk(root: string): ForeignDisk {
  const open = new Map<string, number>();
  return {
    root,
    files: nodeFiles(),
    writer: realWriter(root, open),
    isOpen: ({ identity }) => (open.get(identity) ?? 0) > 0,
  };
}

function realWriter(root: string, open: Map<string, number>): ForeignWriter {
  const full = (path: string): string => join(root, path);
  const make = (path: string): string => {
    mkdirSync(dirname(full(path)), { recursive: true });
    return full(path);
  };
  return {
    read: async (path) => (existsSync(full(path)) ? readFileSync(full(path)) : undefined),
    async open(path, creates) {
      if (!creates && !existsSync(full(path))) return undefined;
      return realFile(openSync(creates ? make(path) : full(path), "a"), open);
    },
    rename: async (from, to) => renameSync(full(from), make(to)),
    link: async (from, to) => linkSync(full(from), make(to)),
    symlink: async (target, path) => symlinkSync(full(target), make(path)),
  };
}

function realFile(fd: number, open: Map<string, number>): ForeignOpenFile {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const identity = `${dev}:${ino}`;
  open.set(identity, (open.get(identity) ?? 0) + 1);
  let isOpen = true;
  return {
    append: async (bytes) => void writeSync(fd, bytes),
    async rewrite(bytes, keepsTime) {
      const { atime, mtime } = fstatSync(fd);
      ftruncateSync(fd, 0);
      writeSync(fd, bytes);
      if (keepsTime) futimesSync(fd, atime, mtime);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(fd);
      open.set(identity, (open.get(identity) ?? 1) - 1);
    },
  };
}
