/** The archiver's hooks for facts about sessions and for their sources. */
import type { ArchiverOptions } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";

export function sourceHooks(): Pick<ArchiverOptions, "describe" | "openSource"> {
  return {
    describe: transcriptDescriber(),
    // Loaded late, as it is seldom needed: after a large file has grown.
    openSource: async (_id, meta, { signal }) => (await import("./open-source.js")).openSource(meta, signal),
  };
}
