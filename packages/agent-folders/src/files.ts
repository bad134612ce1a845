/**
 * The few things that are done to files of other programs. The claim rule works on these alone, so that it can be run on
 * simulated disks. Paths are absolute. Errors are `ArchiverError`s: `UNAVAILABLE` for what a later try may do.
 */
import type { Bytes } from "@session-archiver/core";

/** One file as a look at it showed it. */
export interface FileLook {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes. */
  readonly size: number;
  /** Device and inode: names the file wherever it is moved to. */
  readonly identity: string;
  /** Unix ns, as decimal digits. */
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  /** How many names the file has. */
  readonly links: number;
  /** Permission bits. */
  readonly mode: number;
  /** Owner's user id. */
  readonly owner: number;
  /** Bytes that the disk has set aside for it. */
  readonly diskBytes: number;
}

/** A file that stays readable, whatever happens to its name. */
export interface OpenFile {
  look(): Promise<FileLook>;
  /** The bytes `[start, end)`; fewer only if the file ends before. */
  read(range?: { readonly start: number; readonly end?: number | undefined }): Bytes;
  close(): Promise<void>;
}

export interface NewFile {
  readonly mode: number;
  /** Unix ms. */
  readonly mtimeMs?: number | undefined;
}

export interface Files {
  /** Does not follow a link. `undefined`: there is nothing. */
  look(path: string): Promise<FileLook | undefined>;
  /** Opens a file to read it; never through a link at the end of the path. `undefined`: there is nothing. */
  open(path: string): Promise<OpenFile | undefined>;
  /** Names in a folder, sorted; none if there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** With its parents; new ones get `mode`. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** `to` must be a name that only this process knows: an existing file there would be lost. `false`: there is no `from`. */
  rename(from: string, to: string): Promise<boolean>;
  /** A second name. `false`: something is at `to` already, and stays. */
  link(from: string, to: string): Promise<boolean>;
  /** `false`: there is nothing. */
  unlink(path: string): Promise<boolean>;
  /** Only an empty folder. `false`: it is not empty, or not there. */
  removeFolder(path: string): Promise<boolean>;
  /** A new file with these bytes, durable when it resolves. `CONFLICT` if something is there. */
  write(path: string, body: Bytes, file: NewFile): Promise<void>;
  /** Makes changes of names in the folder durable. */
  sync(folder: string): Promise<void>;
}
