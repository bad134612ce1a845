/**
 * The shapes of `Files` in agent-folders. They are repeated, because that package's tests use this one; where the simulated disk is
 * passed as its `Files`, the compiler compares them.
 */
import type { Bytes } from "@session-archiver/core";
import type { InodeKind } from "./inode.js";

export interface FileLook {
  readonly kind: InodeKind;
  readonly size: number;
  readonly identity: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly links: number;
  readonly mode: number;
  readonly owner: number;
  readonly diskBytes: number;
}

export interface OpenFile {
  look(): Promise<FileLook>;
  read(range?: { readonly start: number; readonly end?: number | undefined }): Bytes;
  close(): Promise<void>;
}

export interface Files {
  look(path: string): Promise<FileLook | undefined>;
  open(path: string): Promise<OpenFile | undefined>;
  list(folder: string): Promise<readonly string[]>;
  makeFolder(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<boolean>;
  link(from: string, to: string): Promise<boolean>;
  unlink(path: string): Promise<boolean>;
  removeFolder(path: string): Promise<boolean>;
  write(
    path: string,
    body: Bytes,
    file: { readonly mode: number; readonly mtimeMs?: number | undefined },
  ): Promise<void>;
  sync(folder: string): Promise<void>;
}
