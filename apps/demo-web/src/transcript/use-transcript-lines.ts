/** The lines of one transcript that have been read so far; redraws the component as more arrive. */

import type { TranscriptKind } from "@session-archiver/transcripts";
import { useEffect, useReducer, useState } from "preact/hooks";
import type { SessionApi } from "../worker/api.ts";
import { type Admission, createAdmission } from "./admission.ts";
import { createLines, type Lines } from "./lines.ts";
import { createPageCache, type PageCache } from "./page-cache.ts";

export interface TranscriptLines {
  readonly cache: PageCache;
  readonly lines: Lines;
  readonly admission: Admission;
  /** What the reader opened, by row. */
  readonly opened: Map<string, unknown>;
  /** Loads the whole text of a line. */
  readonly readWhole: (index: number) => Promise<string>;
  /** Replaces a cut line by the whole line. */
  readonly loadWhole: (index: number) => Promise<void>;
}

export function useTranscriptLines(
  api: SessionApi,
  id: string,
  kind: TranscriptKind,
  lineCount: number,
): TranscriptLines {
  const [, redraw] = useReducer((times: number, _: undefined) => times + 1, 0);
  const [all] = useState(() => {
    const cache = createPageCache(lineCount, {
      read: (from, to) => api.readLines(id, from, to),
      onChange: () => redraw(undefined),
    });
    const readWhole = (index: number): Promise<string> => api.readLine(id, index);
    return {
      cache,
      lines: createLines(kind, cache.get),
      admission: createAdmission(() => redraw(undefined)),
      opened: new Map<string, unknown>(),
      readWhole,
      loadWhole: async (index: number): Promise<void> => {
        const text = await readWhole(index);
        const line = cache.get(index);
        if (line) cache.replace({ ...line, text, truncated: false });
      },
    };
  });
  useEffect(
    () => () => {
      all.cache.close();
      all.admission.close();
    },
    [all],
  );
  useEffect(() => all.cache.grow(lineCount), [all, lineCount]);
  return all;
}
