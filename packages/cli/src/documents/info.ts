/** What `info --json` prints. */
import type { Meta, SessionFiles, SessionInfo } from "@session-archiver/core";
import type { NotedFacts } from "./facts.js";

/** One session in `info --json`: sizes in bytes, times in unix ms, `null` for no value. */
export interface SessionDetails extends Omit<SessionInfo, "aliases" | "archiveKey" | "meta">, SessionFiles, NotedFacts {
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly meta: Meta;
}
