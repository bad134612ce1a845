/** What a caller may choose, checked. */
import { ArchiverError, checkName } from "@session-archiver/core/adapter";

/** https://www.w3.org/TR/IndexedDB/#transaction-durability-hint */
export const DURABILITIES = ["strict", "relaxed"] as const;
export type Durability = (typeof DURABILITIES)[number];

export interface IndexedDbOptions {
  /**
   * `strict` (default): once a call has resolved, its data is flushed to the disk and survives a power cut. `relaxed`: its
   * data is with the operating system and survives the tab and the browser. A power cut may undo the last calls, or take
   * bytes of a call that wrote many.
   */
  readonly durability?: Durability | undefined;
  /**
   * Whether space is kept for archiving, so that a store that is full can still be swept: a quarter of the largest blob and some more.
   * `true` by default; without use if the archives are elsewhere.
   */
  readonly reserve?: boolean | undefined;
  /**
   * Called when the store closes for good without a call of `close`: another tab upgrades or deletes the database, or the
   * user has cleared the site's data. All calls reject with this `UNAVAILABLE` from then on.
   */
  readonly onClosed?: ((reason: ArchiverError) => void) | undefined;
  /**
   * Called for each object that a listing leaves out because its row is damaged, with the `CORRUPT` error that `get` of
   * its id rejects with. Default: `console.warn`.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /** Opening waits for a tab that still has an older version of the database open: ask people to close or reload it. */
  readonly onBlocked?: (() => void) | undefined;
  /** Ends the wait of an opening that is blocked, with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

export type Settings = IndexedDbOptions & {
  readonly durability: Durability;
  readonly reserve: boolean;
  readonly onSkipped: (error: Error) => void;
};

export function checkOptions(name: string, options: IndexedDbOptions): Settings {
  checkName(name, "database name");
  const { durability = "strict", reserve = true, onSkipped = (error) => console.warn(error) } = options;
  if (!DURABILITIES.includes(durability)) throw wrong("durability", '"strict" or "relaxed"', durability);
  if (typeof reserve !== "boolean") throw wrong("reserve", "true or false", reserve);
  return { ...options, durability, reserve, onSkipped };
}

function wrong(option: string, right: string, value: unknown): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", `The option ${option} must be ${right}, is "${value}".`);
}
