/** What a caller may choose, checked. */
import { ArchiverError, checkName } from "@session-archiver/core/adapter";

/** https://www.w3.org/TR/IndexedDB/#transaction-durability-hint */
export const DURABILITIES = ["strict", "relaxed"] as const;
export type Durability = (typeof DURABILITIES)[number];

export interface IndexedDbOptions {
  /**
   * `strict` (default): what has resolved is flushed to the disk and survives a power cut. `relaxed`: it is with the
   * operating system; it survives the tab and the browser, but a power cut may undo the last calls, or, of a call that
   * wrote much, its bytes.
   */
  readonly durability?: Durability | undefined;
  /**
   * The store is closed for good, though nobody called `close`: another tab upgrades or deletes the database, or the
   * user has cleared the site's data. All calls reject with this `UNAVAILABLE` from now on.
   */
  readonly onClosed?: ((reason: ArchiverError) => void) | undefined;
  /**
   * Told of each object that a listing leaves out because its row is `CORRUPT`; default: `console.warn`. `get` of its id
   * rejects with the same error.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /** Opening waits for a tab that still has an older version of the database open: ask people to close or reload it. */
  readonly onBlocked?: (() => void) | undefined;
  /** Ends the wait of an opening that is blocked, with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

export type Settings = IndexedDbOptions & { readonly durability: Durability; readonly onSkipped: OnSkipped };

/** Told of rows that listings leave out. */
export type OnSkipped = (error: Error) => void;

export function checkOptions(name: string, options: IndexedDbOptions): Settings {
  checkName(name, "database name");
  const { durability = "strict", onSkipped = (error) => console.warn(error) } = options;
  if (DURABILITIES.includes(durability)) return { ...options, durability, onSkipped };
  const message = `The option durability must be "strict" or "relaxed", is "${durability}".`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
