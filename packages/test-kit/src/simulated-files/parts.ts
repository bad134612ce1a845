import type { Inode } from "./inode.js";
import type { Names } from "./names.js";

/** What the pieces of the disk share. */
export interface DiskParts {
  readonly names: Names;
  /** The disk's clock, in ms. */
  time(): number;
  create(kind: "file" | "folder" | "link", mode: number): Inode;
  /** To be called when an inode may have gone. */
  forget(inode: Inode): void;
}
