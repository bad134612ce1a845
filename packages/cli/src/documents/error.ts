/** What `--json` prints when a command fails. */
import type { ErrorCode } from "@session-archiver/core";

/** The document that `--json` prints for an error that stopped a command. */
export interface ErrorDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly id?: string; readonly key?: string };
}
