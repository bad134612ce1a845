/** What an archiver is made of. */
import type { Codec } from "./codec/codec.js";
import type { ArchiverEvent } from "./events.js";
import type { OpenSource } from "./ops/import/import-types.js";
import type { Ports } from "./ports.js";
import type { Describe } from "./session/describe.js";
import type { Policy } from "./session/policy.js";

export interface ArchiverOptions extends Ports {
  /** Opened stores bring the best one for where they run. `defaultCodec()`, so fflate at level 6, where there is none. */
  readonly codec?: Codec | undefined;
  /** Where given, replaces the defaults: 7 idle days, no limit to archives, 7 days of grace; see `ORIGINAL_POLICY`. */
  readonly policy?: Partial<Policy> | undefined;
  /** Extracts facts about sessions when they are imported and archived. */
  readonly describe?: Describe | undefined;
  /**
   * Opens what a session was imported from. Imports may then take a source that has only grown on trust, of which the first
   * and last windows match, and archives compare all of it.
   */
  readonly openSource?: OpenSource | undefined;
  readonly onEvent?: ((event: ArchiverEvent) => void) | undefined;
  /** Unix ms; `Date.now` if not given. */
  readonly now?: (() => number) | undefined;
  /** 16 hex digits that never come twice; from the platform's secure random source if not given. */
  readonly randomId?: (() => string) | undefined;
}
