/** What the archiver is told of the sources of sessions, and of what their lines say. */
import type { ArchiverOptions } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";

export function sourceHooks(): Pick<ArchiverOptions, "describe" | "openSource"> {
  return {
    describe: transcriptDescriber(),
    // Seldom needed: after a large file has grown.
    openSource: async (_id, meta, { signal }) => (await import("./open-source.js")).openSource(meta, signal),
  };
}
