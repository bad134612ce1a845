/** Files and folders of a simulated disk, apart from their names. */

export type InodeKind = "file" | "folder" | "link" | "other";

export interface Inode {
  readonly number: number;
  readonly kind: InodeKind;
  bytes: Uint8Array;
  /** What a folder holds. */
  readonly entries: Map<string, Inode>;
  /** How many names it has. */
  names: number;
  /** The processes that have it open, once for each descriptor. */
  readonly openBy: number[];
  /** Unix ms, by the disk's clock. */
  mtimeMs: number;
  ctimeMs: number;
  mode: number;
  owner: number;
}

export function createInode(number: number, kind: InodeKind, mode: number, now: number): Inode {
  return {
    number,
    kind,
    bytes: new Uint8Array(),
    entries: new Map(),
    names: 0,
    openBy: [],
    mtimeMs: now,
    ctimeMs: now,
    mode,
    owner: 1000,
  };
}

/** Replaces the bytes from `at` on. */
export function writeAt(inode: Inode, at: number, added: Uint8Array, now: number): void {
  const bytes = new Uint8Array(Math.max(inode.bytes.length, at + added.length));
  bytes.set(inode.bytes);
  bytes.set(added, at);
  setBytes(inode, bytes, now);
}

export function setBytes(inode: Inode, bytes: Uint8Array, now: number): void {
  inode.bytes = bytes;
  inode.mtimeMs = now;
  inode.ctimeMs = now;
}

export function closeFor(inode: Inode, process: number): void {
  const at = inode.openBy.indexOf(process);
  if (at >= 0) inode.openBy.splice(at, 1);
}
