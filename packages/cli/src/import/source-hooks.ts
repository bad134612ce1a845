/** The archiver's hooks for facts about sessions and for their sources. */
import type { ArchiverOptions } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";
import { openLate } from "./late-source.js";

export function sourceHooks(): Pick<ArchiverOptions, "describe" | "openSource"> {
  return {
    describe: transcriptDescriber(),
    openSource: openLate,
  };
}
