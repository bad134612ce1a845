/** What `info --json` prints. */
import type { Meta, SessionFiles, SessionInfo } from "@session-archiver/core";

/** One session in `info --json`: sizes in bytes, times in unix ms, `null` for no value. */
export interface SessionDetails extends Omit<SessionInfo, "aliases" | "archiveKey" | "meta">, SessionFiles {
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly meta: Meta;
}
