/**
 * What is tested of something that takes files away from programs that take no lock of ours: the feature `foreign-writer`. All paths
 * are relative to one folder, with slashes. A store offers it together with nothing else, or with its ports.
 */

/**
 * Called before each call to the disk, and before each chunk of what is read there. If it rejects, the process has died: nothing
 * more may be done to the disk, and the operation rejects.
 */
export type ForeignStep = () => Promise<void>;

/**
 * freed: the files are gone, and archived. held: they are aside for now. back: something changed meanwhile, and all are in
 * their places. conflict: a file is not the archived one, and nothing was done.
 */
export type TakeOutcome = "freed" | "held" | "back" | "conflict";

export interface ForeignFiles {
  /** The programs that write. They work on the disk directly, and never call `step`. */
  readonly writer: ForeignWriter;
  /**
   * Archives what a file holds now, and verifies it. By content: bytes that are archived already are not doubled, bytes that continue
   * them are added, and others become a new version.
   */
  archive(path: string): Promise<void>;
  /** What the archive holds of a file: kept versions, oldest first, then the present one. None if it was never archived. */
  archived(path: string): Promise<readonly Uint8Array[]>;
  /** Takes the files of one unit from their places, if their bytes are those that are archived. All of them, or none. */
  take(paths: readonly string[], step?: ForeignStep): Promise<TakeOutcome>;
  /**
   * A later run, in a process of its own that has no memory: finishes or puts back what is held aside, this many hours after the
   * call before.
   */
  laterRun(hours: number, step?: ForeignStep): Promise<void>;
  /** Puts the present version back in its place, unless something is there. */
  restore(path: string, step?: ForeignStep): Promise<void>;
  /** What is held aside, found by the names on the disk alone, oldest first. */
  held(): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[]>;
  /** Whether the machine shows from now on which processes have a file open. At first it doesn't. */
  showWriters(shows: boolean): Promise<void>;
}

/** Each call is one thing that another program does. Folders are made as needed. */
export interface ForeignWriter {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Opens a file to write. `undefined`: there is none, and `creates` is false. */
  open(path: string, creates: boolean): Promise<ForeignOpenFile | undefined>;
  /** Replaces what is at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** A second name for the same file. */
  link(from: string, to: string): Promise<void>;
  /** A symbolic link at `path` that leads to the file `target`. */
  symlink(target: string, path: string): Promise<void>;
}

export interface ForeignOpenFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Replaces all of its bytes in place, and gives it its old mtime again if `keepsTime`. */
  rewrite(bytes: Uint8Array, keepsTime: boolean): Promise<void>;
  close(): Promise<void>;
}
