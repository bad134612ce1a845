/** What `doctor` says about one thing that is wrong, or worth knowing. */

/**
 * note: nothing is wrong. warning: every byte can be read, but something may be lost later. damage: something can't be
 * read or found now.
 */
export type Severity = "note" | "warning" | "damage";

export interface Finding {
  /** Names the kind of finding, for scripts: `wrong-modes`, `archive-damaged`. */
  readonly kind: string;
  readonly severity: Severity;
  /** In plain words: what is so, and what follows from it. */
  readonly message: string;
  /** The sessions concerned, at most 100; empty if it concerns no single ones. */
  readonly sessions: readonly string[];
  /** What to do: a command, or words if there is none. `null`: nothing. */
  readonly remedy: string | null;
  /** What `--repair` does about it, if that is safe. */
  readonly repair?: Repair | undefined;
}

export interface Repair {
  /** What it will do, said before it is done: `set 3 files to 0600`. */
  readonly plan: string;
  /** Resolves to what was done. Rejects if it could not be done. */
  run(): Promise<string>;
}
