/** The command that resumes a session of Claude Code. */
import { ArchiverError } from "@session-archiver/core";
import { isUuid } from "./names.js";

/** `INVALID_ARGUMENT` for anything that Claude Code would not take as an id, or could take as an option. */
export function resumeClaudeCode(nativeId: string): { readonly command: string; readonly args: readonly string[] } {
  if (!isUuid(nativeId)) {
    throw new ArchiverError(
      "INVALID_ARGUMENT",
      `Claude Code resumes sessions by ids such as 0199c0de-0000-4000-8000-000000000000; "${nativeId}" is not one.`,
    );
  }
  return { command: "claude", args: ["--resume", nativeId] };
}
