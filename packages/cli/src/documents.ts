/**
 * The documents that `--json` prints. These types are published, so they use only the library's types, and none of the
 * bundled packages'.
 */
import type { ErrorCode, Meta, SessionFiles, SessionInfo } from "@session-archiver/core";

/**
 * One session in `list --json`: sizes in bytes, times in unix ms. `null`: unknown, or there is none. What no line of the
 * session says is unknown, as is all of it before its facts were extracted.
 */
export interface ListedSession
  extends Pick<
    SessionInfo,
    | "archiveBytes"
    | "archiveKey"
    | "archivedAt"
    | "id"
    | "lastActivityMs"
    | "lineCount"
    | "liveBytes"
    | "pinned"
    | "rawBytes"
    | "startedAt"
    | "state"
    | "totalBytes"
    | "undoableUntil"
  > {
  /** A beginning of the id's last part that every command takes for the id; the whole id where there is none. */
  readonly shortId: string;
  readonly agent: string | null;
  readonly title: string | null;
  /** The last part of `cwd`. */
  readonly project: string | null;
  /** Where the agent worked. */
  readonly cwd: string | null;
  readonly branch: string | null;
  readonly models: readonly string[];
  readonly messages: { readonly user: number; readonly assistant: number } | null;
  /** `input` did not come from a cache. */
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  } | null;
  /** Id of the session that it belongs to or continues. */
  readonly parentId: string | null;
  /** Whether an agent called it, that of the session with `parentId`. */
  readonly isSubagent: boolean;
  /** How many sessions its agent called. */
  readonly children: number;
}

/** What `list --json` prints. */
export interface ListDocument {
  readonly schemaVersion: 1;
  readonly kind: "list";
  readonly sessions: readonly ListedSession[];
  /** Sessions that fit, and are not among `sessions` of any page. */
  readonly hidden: { readonly empty: number; readonly children: number };
  /** How many sessions there are on all pages together, without subagents' below their callers. */
  readonly total: number;
  /** For `--cursor`, to go on after the last session; `null` if it was the last of all. */
  readonly nextCursor: string | null;
}

/** One session in `info --json`: sizes in bytes, times in unix ms, `null` for no value. */
export interface SessionDetails extends Omit<SessionInfo, "aliases" | "archiveKey" | "meta">, SessionFiles {
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly meta: Meta;
}

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
  > {
  readonly agent: string | null;
  readonly cwd: string | null;
  readonly project: string | null;
  readonly branch: string | null;
  readonly title: string | null;
  readonly models: readonly string[];
  readonly messages: { readonly user: number; readonly assistant: number } | null;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  } | null;
  readonly parentId: string | null;
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
  /** In place of the role's name, such as `Sub-agent`. */
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
   * where reading failed.
   */
  readonly window?: {
    readonly from: number | null;
    readonly to: number | null;
    readonly total: number;
    readonly next: number | null;
  } | null;
}

/** The document that `--json` prints for an error that stopped a command. */
export interface ErrorDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly id?: string; readonly key?: string };
}
