/** A sink that is opened at its first use: commands that read no archive don't load its adapter. */
import type { ArchiveSink } from "@session-archiver/core";

export interface LateSink {
  readonly archives: ArchiveSink;
  /** Closes the sink if it was opened. */
  close(): Promise<void>;
}

/** If `open` fails, the next call tries again. */
export function lateSink(open: () => Promise<LateSink>): LateSink {
  let opening: Promise<LateSink> | undefined;
  const sink = async (): Promise<ArchiveSink> => {
    opening ??= open();
    try {
      return (await opening).archives;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  return {
    archives: {
      put: async (...given) => (await sink()).put(...given),
      stat: async (...given) => (await sink()).stat(...given),
      async *read(...given) {
        yield* (await sink()).read(...given);
      },
      delete: async (...given) => (await sink()).delete(...given),
      async *list(...given) {
        yield* (await sink()).list(...given);
      },
    },
    close: async () => (await opening)?.close(),
  };
}
