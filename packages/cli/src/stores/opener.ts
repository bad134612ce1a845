/** What the program does with a store of any kind. */
import type { ArchiveSink, OpOptions, Ports } from "@session-archiver/core";

export interface Manner {
  readonly onSkipped: (error: Error) => void;
  /** Gets what people should know of a store, and is no error. */
  readonly onNotice: (message: string) => void;
  /** Opening changes nothing, either. */
  readonly readOnly: boolean;
  /** What is not there is made. Never with `readOnly`. */
  readonly creates: boolean;
}

export interface ErasedHere {
  readonly rewrittenBytes?: number;
  readonly unfinished: number;
  /** Why deleted bytes stay on a server, where this program can't write them anew. */
  readonly stays?: string | undefined;
}

/** Archives that are open. */
export interface Opened {
  readonly archives: ArchiveSink;
  reclaim?(op?: OpOptions): Promise<{ readonly freedBytes: number }>;
  erase?(op?: OpOptions): Promise<ErasedHere>;
  close(): Promise<void>;
}

/** One store, not opened yet. An adapter is loaded when the first store of its kind is opened. */
export interface StoreOpener {
  /** `undefined` if it is not there, and `creates` is not set. */
  openStore(manner: Manner): Promise<(Opened & Ports) | undefined>;
  /** The same for archives alone. */
  openArchives(manner: Manner): Promise<Opened | undefined>;
  /** Whether there is a store. */
  hasStore(): Promise<boolean>;
  /** Whether there is anything where archives would be. */
  hasArchives(): Promise<boolean>;
  /** Whether it is plain without opening anything that archives that were named are missing. */
  lacksArchives(): boolean;
}
