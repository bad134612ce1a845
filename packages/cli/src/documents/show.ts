/** What `show --json` prints. */
import type { SessionInfo } from "@session-archiver/core";
import type { ErrorDocument } from "./error.js";
import type { NotedFacts } from "./facts.js";

/** The session in `show --json`: sizes in bytes, times in unix ms, `null` for what is not known. */
export interface ShownSession
  extends Pick<
      SessionInfo,
      | "id"
      | "state"
      | "lineCount"
      | "rawBytes"
      | "startedAt"
      | "lastActivityMs"
      | "archivedAt"
      | "prunedAt"
      | "undoableUntil"
    >,
    NotedFacts {
  /** Its other files. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Ids of its subagents' sessions. */
  readonly children: readonly string[];
  /** The file that is shown; `null`: the transcript. */
  readonly file: string | null;
}

/** One message in `show --json`. */
export interface ShownMessage {
  /** Number of its line, from 1. */
  readonly line: number;
  readonly role: "user" | "assistant" | "system" | "tool" | "event";
  /** In place of the role's name, such as `Subagent`. */
  readonly label: string | null;
  readonly at: number | null;
  readonly model: string | null;
  readonly text: string;
  /** Empty unless it was asked for. */
  readonly thinking: string;
  /** What tools were called on, with their results; `failed` is `null` where no result is known. */
  readonly tools: readonly {
    readonly line: number;
    readonly name: string | null;
    readonly summary: string;
    readonly note: string;
    readonly failed: boolean | null;
    /** `null` unless it was asked for. */
    readonly input: string | null;
    readonly result: string | null;
  }[];
  /** What is wrong with the line: `torn`, `glued`, …; `null` for nothing. */
  readonly flaw: string | null;
  /** Whether a text was cut. */
  readonly truncated: boolean;
}

/** What `show --json` prints. */
export interface ShownDocument extends Partial<ErrorDocument> {
  readonly schemaVersion: 1;
  readonly kind: "show";
  readonly session: ShownSession;
  readonly messages: readonly ShownMessage[];
  /**
   * Lines of the first and the last message, and of the first that would follow; the number of lines. `null` or absent
   * where reading failed; beside an `error` if damage was read past.
   */
  readonly window?: {
    readonly from: number | null;
    readonly to: number | null;
    readonly total: number;
    readonly next: number | null;
  } | null;
}
