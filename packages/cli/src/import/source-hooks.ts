/** What the archiver is told of the sources of sessions, and of what their lines say. */
import type { ArchiverOptions } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";

export function sourceHooks(): Pick<ArchiverOptions, "describe"> {
  return { describe: transcriptDescriber() };
}
