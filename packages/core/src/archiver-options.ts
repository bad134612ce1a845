/** The options of `createArchiver`. */
import type { Codec } from "./codec/codec.js";
import type { ArchiverEvent } from "./events.js";
import type { OpenSource } from "./ops/import/import-types.js";
import type { Ports } from "./ports.js";
import type { Describe } from "./session/describe.js";
import type { Policy } from "./session/policy.js";

export interface ArchiverOptions extends Ports {
  /**
   * Compresses archives. Opened stores bring the best codec for where they run; the default is `defaultCodec()`:
   * fflate, level 6.
   */
  readonly codec?: Codec | undefined;
  /**
   * Overrides parts of `DEFAULT_POLICY`: 7 idle days, no limit to archives, 7 days of grace. See also
   * `ORIGINAL_POLICY`.
   */
  readonly policy?: Partial<Policy> | undefined;
  /** Extracts facts about sessions when they are imported and archived. None by default. */
  readonly describe?: Describe | undefined;
  /**
   * Opens the source that a session was imported from. With it, an import of a source that has only grown compares just
   * its first and last windows, and the next archive compares all of it.
   */
  readonly openSource?: OpenSource | undefined;
  readonly onEvent?: ((event: ArchiverEvent) => void) | undefined;
  /** The clock, in unix ms; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
  /** 16 hex digits that never repeat; by default from the platform's secure random source. */
  readonly randomId?: (() => string) | undefined;
}
