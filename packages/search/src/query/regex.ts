/** Makes regular expressions from patterns that people typed. */
import { ArchiverError } from "@session-archiver/core";

/** With the flag `u` where the pattern allows it. `INVALID_ARGUMENT` if it is no regular expression at all. */
export function regexOf(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : "";
      throw new ArchiverError("INVALID_ARGUMENT", `Not a regular expression: ${reason}`, { cause });
    }
  }
}

/** A pattern for exactly this text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
