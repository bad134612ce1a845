/** What a failure means to a person, and what to do about it. */
import { codeOf, type ErrorCode } from "@session-archiver/core";

export interface Explanation {
  readonly code: ErrorCode | "UNKNOWN";
  readonly title: string;
  readonly advice: string;
  /** The technical message. */
  readonly detail: string;
}

const WORDS: Readonly<Record<ErrorCode | "UNKNOWN", readonly [title: string, advice: string]>> = {
  QUOTA: [
    "This browser's storage is full.",
    "Nothing was lost. Sweep old sessions, or export some and delete them, then try again.",
  ],
  CORRUPT: [
    "The stored bytes don't match their checksum.",
    "They were left as they are. If you have the original file, delete this session and import the file again.",
  ],
  PRUNED: ["This session was pruned.", "It can be brought back only while its bytes are still there."],
  UNAVAILABLE: [
    "The browser's storage did not answer.",
    "Nothing was lost. Try again; if it happens again, reload the page.",
  ],
  CONFLICT: ["Something else is using this session.", "Nothing was lost. The reason is given below."],
  NOT_FOUND: ["This is no longer here.", "It may have been deleted in another tab."],
  ABORTED: ["Stopped.", "What was finished before stays done; the rest was left as it was."],
  INVALID_ARGUMENT: ["This can't be done now.", "The reason is given below; nothing was changed."],
  UNKNOWN: ["Something went wrong.", "Nothing was lost. Try again; if it happens again, reload the page."],
};

export function explain(error: unknown): Explanation {
  const code = codeOf(error) ?? "UNKNOWN";
  return explainCode(code, error instanceof Error ? error.message : String(error));
}

/** The same for reports, which carry a code and a message instead of an error. */
export function explainCode(code: string, detail: string): Explanation {
  const known = code in WORDS ? (code as ErrorCode | "UNKNOWN") : "UNKNOWN";
  const [title, advice] = WORDS[known];
  return { code: known, title, advice, detail };
}
